package io.tocsin.rest.internal.resources;

import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.DispatchStatus.CapStatus;
import io.tocsin.tenants.api.Cap;
import java.util.List;
import java.util.Optional;

/**
 * A cap and how it is doing.
 *
 * @param shared whether it is the agency's
 * @param channels channel types it counts; none: all
 * @param prefixes how the numbers begin that it counts
 * @param perSecond what it allows, on all nodes and by all accounts together
 * @param ratePerSecond what left under it in the latest ten seconds or so
 * @param waiting messages that have not left yet: of an agency's all, in a tenant the tenant's
 */
public record CapView(
        String name,
        boolean shared,
        List<String> channels,
        List<String> prefixes,
        double perSecond,
        double ratePerSecond,
        long waiting) {

    /**
     * @param channels channel types it counts; left out or empty: all
     * @param prefixes how numbers begin, such as {@code +33 3 53 01}; 1 to 100
     * @param perSecond 0.01 to 100000
     */
    public record Edit(List<String> channels, List<String> prefixes, Double perSecond) {}

    /** @param tenant whose waiting messages are meant; empty: everybody's */
    static CapView of(Cap cap, List<CapStatus> states, Optional<Integer> tenant) {
        Optional<CapStatus> state =
                states.stream().filter(s -> s.capId() == cap.id()).findFirst();
        return new CapView(
                cap.name(),
                cap.tenantId().isEmpty(),
                cap.channels(),
                cap.prefixes(),
                cap.perSecond(),
                state.map(CapStatus::ratePerSecond).orElse(0.0),
                state.map(s -> tenant.map(t -> s.waitingByTenant().getOrDefault(t, 0L))
                                .orElse(s.waiting()))
                        .orElse(0L));
    }

    static Cap record(int agencyId, Optional<Integer> tenantId, String name, Edit edit) {
        Required.body(edit);
        if (edit.perSecond() == null) {
            throw Problem.invalid("perSecond", "is missing; write how many messages a second, such as 20 or 0.5");
        }
        return new Cap(
                0,
                agencyId,
                tenantId,
                name,
                texts("channels", edit.channels()),
                texts("prefixes", edit.prefixes()),
                edit.perSecond());
    }

    private static List<String> texts(String field, List<String> texts) {
        if (texts != null && texts.contains(null)) {
            throw Problem.invalid(field, "holds null; write texts only");
        }
        return texts == null ? List.of() : texts;
    }
}
