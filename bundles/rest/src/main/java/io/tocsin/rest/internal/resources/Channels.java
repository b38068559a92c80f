package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.Setting;
import io.tocsin.channel.api.SettingsDefinition;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a tenant can reach people by just now, for whoever may launch: without the settings of the accounts behind it. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/channels")
public final class Channels {
    private final Tenancy tenancy;
    private final DispatchStatus dispatch;
    private final InstalledChannels installed;

    public Channels(Tenancy tenancy, DispatchStatus dispatch, InstalledChannels installed) {
        this.tenancy = tenancy;
        this.dispatch = dispatch;
        this.installed = installed;
    }

    /**
     * @param title what an account of this channel is called
     * @param known whether the channel says which settings its accounts have; otherwise it checks them alone when it opens
     */
    public record ChannelSettings(String channel, String title, boolean known, List<Setting> settings) {}

    /**
     * @param state of its best account: up as soon as one is
     * @param accounts enabled ones, the tenant's and its agency's
     * @param up how many of these are up
     * @param lines telephone lines working in all of them together; empty: this channel has none
     * @param details what accounts that are not up say of themselves
     */
    public record ChannelView(
            String channel,
            ChannelHealth.State state,
            int accounts,
            int up,
            Optional<Integer> lines,
            List<String> details) {}

    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN, OPERATOR})
    public Page<ChannelView> list(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(views(tenancy.accounts(caller.tenant(tenancy, slug).id()), dispatch.accounts()));
    }

    /** What accounts of the channels installed on this node are made of, for forms. A secret is typed and sealed, or named {@code secret:NAME}. */
    @GET
    @Path("settings")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Page<ChannelSettings> settings(@PathParam("tenant") String slug, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        return Page.whole(installed.all().stream()
                .filter(channel -> channel.refused().isEmpty() && tenant.mayUse(channel.type()))
                .map(channel -> new ChannelSettings(
                        channel.type(),
                        channel.settings().map(SettingsDefinition::title).orElse(channel.type()),
                        channel.settings().isPresent(),
                        channel.settings().map(SettingsDefinition::settings).orElse(List.of())))
                .toList());
    }

    static List<ChannelView> views(List<CarrierAccount> accounts, List<AccountStatus> statuses) {
        Map<Integer, AccountStatus> states = statuses.stream()
                .collect(Collectors.toMap(AccountStatus::accountId, state -> state, (one, same) -> one));
        Map<String, List<CarrierAccount>> byChannel = accounts.stream()
                .filter(CarrierAccount::enabled)
                .collect(Collectors.groupingBy(CarrierAccount::channel, TreeMap::new, Collectors.toList()));
        return byChannel.entrySet().stream()
                .map(entry -> view(entry.getKey(), entry.getValue(), states))
                .toList();
    }

    private static ChannelView view(String channel, List<CarrierAccount> accounts, Map<Integer, AccountStatus> states) {
        List<ChannelHealth> healths = accounts.stream()
                .map(account -> Optional.ofNullable(states.get(account.id()))
                        .map(AccountStatus::health)
                        .orElse(new ChannelHealth(ChannelHealth.State.DOWN, account.slug() + " is not open")))
                .toList();
        List<Integer> lines = accounts.stream()
                .flatMap(account -> Optional.ofNullable(states.get(account.id())).stream())
                .flatMap(status -> status.lines().stream())
                .map(DispatchStatus.Lines::working)
                .toList();
        return new ChannelView(
                channel,
                healths.stream().map(ChannelHealth::state).min(Enum::compareTo).orElse(ChannelHealth.State.DOWN),
                accounts.size(),
                (int) healths.stream()
                        .filter(health -> health.state() == ChannelHealth.State.UP)
                        .count(),
                lines.isEmpty()
                        ? Optional.empty()
                        : Optional.of(lines.stream().mapToInt(Integer::intValue).sum()),
                healths.stream()
                        .filter(health -> health.state() != ChannelHealth.State.UP)
                        .map(ChannelHealth::detail)
                        .filter(detail -> detail != null && !detail.isBlank())
                        .distinct()
                        .toList());
    }
}
