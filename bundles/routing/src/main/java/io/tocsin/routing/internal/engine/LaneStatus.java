package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.InstalledChannels.Version;
import io.tocsin.routing.internal.engine.Providers.Installed;
import io.tocsin.routing.internal.engine.Providers.Stood;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The accounts as the console and the API show them: those that are open, and those that are not and why. */
final class LaneStatus {

    /** An account without an open channel. */
    record Shut(Route route, String why) {}

    private LaneStatus() {}

    static List<AccountStatus> of(Collection<Lane> lanes, Collection<Shut> shut) {
        List<AccountStatus> status = new ArrayList<>();
        for (Lane lane : lanes) {
            Route route = lane.route();
            status.add(new AccountStatus(
                    route.accountId(),
                    route.name(),
                    route.channel(),
                    lane.breaker().trouble().map(ChannelHealth::down).orElse(lane.health()),
                    lane.window().inFlight(),
                    lane.window().size(),
                    lane.throttle().ratePerSecond(),
                    lane.lines().map(lines -> new DispatchStatus.Lines(lines.ofChannel(), lines.now()))));
        }
        for (Shut each : shut) {
            Route route = each.route;
            status.add(new AccountStatus(
                    route.accountId(), route.name(), route.channel(), ChannelHealth.down(each.why), 0, 0, 0));
        }
        status.sort(Comparator.comparing(AccountStatus::accountId));
        return status;
    }

    /** @param swap the one by which it takes another's place, if it does */
    static Version version(Stood stood, Optional<Fleet> fleet, Optional<Swap> swap) {
        Installed installed = stood.installed();
        Collection<Lane> lanes = fleet.map(Fleet::lanes).orElse(List.of());
        return new Version(
                installed.said(),
                installed.symbolicName(),
                installed.bundleId(),
                stood.standing(),
                swap.map(Swap::detail).filter(said -> !said.isEmpty()).orElse(stood.detail()),
                lanes.size(),
                (int) lanes.stream().filter(Lane::well).count(),
                fleet.map(Fleet::inFlight).orElse(0));
    }

    static String unserved(Route route, Providers providers) {
        return providers
                .refusal(route.channel())
                .map(why -> "channel \"" + route.channel() + "\" is refused: " + why)
                .orElse(
                        "channel type \"" + route.channel() + "\" is not installed on this node: install the feature"
                                + " that brings it, or correct the account's channel (tocsin:channels lists what is installed)");
    }
}
