package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.routing.api.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands against a launch once its audience is frozen, and what is worth knowing beside it. In the launch's transaction. */
final class LaunchCheck {
    private final ContactLists lists;
    private final VoiceCheck voice;

    LaunchCheck(ContactLists lists, VoiceCheck voice) {
        this.lists = lists;
        this.voice = voice;
    }

    /**
     * @param messages written first, in the launch's order, then those added for the languages of the audience
     * @param shortened for whom an SMS will have to be shortened: no reason to refuse
     * @param unspoken what cannot be said on this node now, where people are reached otherwise, or not in time
     * @param onlyPublishes whether no step reaches anybody by name: no reason either
     * @param unreachable whom no step reaches
     * @param languages how many people read each
     */
    record Frozen(
            List<Ledger.Message> messages,
            Map<String, Integer> reachable,
            List<Problem> problems,
            List<ShortenedSms> shortened,
            List<Problem> unspoken,
            boolean onlyPublishes,
            Unreachable unreachable,
            Map<String, Integer> languages) {

        List<Problem> warnings() {
            List<Problem> warnings = new ArrayList<>(
                    shortened.stream().map(ShortenedSms::warning).toList());
            warnings.addAll(unspoken);
            if (onlyPublishes) {
                warnings.add(
                        new Problem(
                                "cascade",
                                "every step publishes, so that nobody is reached by name; add one that reaches people, such as sms"));
            }
            return List.copyOf(warnings);
        }
    }

    /** @param following the alert whose people they are, instead of any list's */
    Frozen of(
            Connection connection,
            Audience audience,
            Launch launch,
            Tenant tenant,
            int people,
            Optional<Following> following)
            throws SQLException {
        Channels channels = Channels.read(connection);
        ChannelLimit limit = new ChannelLimit(tenant.channels());
        Makeup makeup = audience.makeup(
                Audience.variables(launch.messages(), launch.channels(), launch.variables(), launch.pin()),
                launch.ownValuesInSms());
        List<Problem> problems = new ArrayList<>();
        Map<String, Integer> reachable = new LinkedHashMap<>();
        Set<String> kinds = endpointKinds(launch, channels);
        for (String channel : launch.channels()) {
            if (!channels.known(channel)) {
                problems.add(new Problem(
                        "cascade",
                        "no channel \"" + channel + "\" is known on this node; there are " + channels.types()));
            }
            limit.problem("cascade", channel).ifPresent(problems::add);
            reachable.put(channel, makeup.reachable(channels.endpointKinds(channel)));
        }
        if (people == 0 && following.isPresent()) {
            problems.add(new Problem(
                    "whom",
                    "nobody of alert " + following.get().alertId()
                            + " was reached, or may have been; say everybody to tell them all the same"));
        } else if (people == 0) {
            problems.add(new Problem("lists", nobody(connection, tenant.id(), launch)));
        } else if (makeup.reachable(kinds) == 0) {
            problems.add(new Problem(
                    "lists",
                    "none of the " + people + " people can be reached by " + launch.channels()
                            + "; they have no endpoint of kind " + kinds));
        }
        if (people > tenant.maxRecipients() && following.isEmpty()) {
            problems.add(new Problem(
                    "lists",
                    people + " people are more than the quota of " + tenant.maxRecipients()
                            + " an alert; alert fewer, or ask the agency for a larger quota"));
        }
        List<Ledger.Message> messages = Audience.inEveryLanguage(
                launch.messages(), makeup.languages(), launch.scenario().fallbackLanguage());
        Set<Audience.Need> needs =
                Audience.needs(messages, launch.channels(), channels, launch.variables(), launch.pin());
        if (makeup.lacks(needs)) {
            problems.addAll(audience.missingVariables(needs, Optional.empty()));
        }
        if (launch.pin().isPresent()) {
            problems.addAll(audience.wrongPins(launch.pin().get(), channels.endpointKinds(Scenario.VOICE)));
        }
        VoiceCheck.Found spoken = voice.speak(launch);
        problems.addAll(spoken.problems());
        List<Problem> unspoken = new ArrayList<>(spoken.warnings());
        unspoken.addAll(VoiceCheck.oneByOne(launch, reachable.getOrDefault(Scenario.VOICE, 0)));
        return new Frozen(
                messages,
                reachable,
                problems,
                audience.shortened(messages, makeup, launch, channels),
                unspoken,
                !launch.channels().isEmpty() && launch.channels().stream().allMatch(channels::publishes),
                makeup.unreachable(
                        kinds,
                        makeup.reachable(kinds) == people
                                ? List.of()
                                : audience.without(kinds, Optional.empty(), Unreachable.NAMED)),
                makeup.readers());
    }

    /** What people have who are reached by some step. */
    static Set<String> endpointKinds(Launch launch, Channels channels) {
        Set<String> kinds = new LinkedHashSet<>();
        launch.channels().forEach(channel -> kinds.addAll(channels.endpointKinds(channel)));
        return kinds;
    }

    /** Others are alerted, so nothing refuses it; whoever drew the area should know all the same. */
    List<Problem> withEmptyAreas(Connection connection, int tenantId, Launch launch, List<Problem> warnings) {
        List<Problem> all = new ArrayList<>(warnings);
        lists.emptyAreas(connection, tenantId, launch.lists())
                .forEach(list -> all.add(new Problem(
                        "lists[" + launch.lists().indexOf(list) + "]",
                        "nobody lives in the area of '" + list
                                + "' now: check the area, and whether contacts there have a place")));
        return List.copyOf(all);
    }

    private String nobody(Connection connection, int tenantId, Launch launch) {
        String places = launch.lists().isEmpty()
                ? ""
                : lists.withoutPlace(connection, tenantId, launch.lists())
                        .map(people -> "; of those drawn on the map, check the area ("
                                + (people == 1 ? "1 contact has" : people + " contacts have")
                                + " no place and so "
                                + (people == 1 ? "is" : "are")
                                + " in no area)")
                        .orElse("");
        return "nobody is in " + launch.lists() + "; complete the lists or choose others" + places;
    }
}
