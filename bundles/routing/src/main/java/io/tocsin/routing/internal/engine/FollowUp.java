package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.engine.WaveRows.Due;
import io.tocsin.routing.internal.ledger.PolicyJson;
import io.tocsin.routing.internal.ledger.Replacement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides about targets whose time has come: tried again, tried at the person's next endpoint, sent again though it may have
 * arrived, or left as they are. New targets take over from old ones; nothing is changed in place.
 */
final class FollowUp {
    private static final int AT_ONCE = 5000;

    private final Alert alert;
    private final Instant now;

    FollowUp(Alert alert, Instant now) {
        this.alert = alert;
        this.now = now;
    }

    /** A wave to be opened for the targets decided together. */
    private record WaveKey(int root, String kind) {}

    /** Decides about everything due, up to some thousands. @return how many targets were taken over */
    int decide(WaveRows rows) throws SQLException {
        Map<WaveKey, List<Replacement>> waves = new LinkedHashMap<>();
        Map<WaveKey, Set<String>> codes = new HashMap<>();
        Map<String, Set<String>> kinds = new HashMap<>();
        Set<Integer> people = new HashSet<>();
        for (Due due : rows.takeDue(alert.tenantId(), alert.alertId(), now, AT_ONCE)) {
            if (!kinds.containsKey(due.channel())) {
                kinds.put(due.channel(), rows.endpointKinds(due.channel()));
            }
            Optional<Replacement> replacement = decide(due, kinds.get(due.channel()));
            if (replacement.isPresent()) {
                WaveKey key = new WaveKey(due.root(), due.kind().equals("in-doubt") ? "resend" : "retry");
                waves.computeIfAbsent(key, k -> new ArrayList<>()).add(replacement.get());
                codes.computeIfAbsent(key, k -> new TreeSet<>()).add(due.code().isEmpty() ? due.kind() : due.code());
                people.add(due.recipientNo());
            }
        }
        for (Map.Entry<WaveKey, List<Replacement>> wave : waves.entrySet()) {
            WaveKey key = wave.getKey();
            String rule = (key.kind.equals("resend") ? "sent again after a doubt: " : "tried again after: ")
                    + String.join(", ", first(codes.get(key)));
            rows.openReplacements(alert, key.kind, key.root, rule, once(wave.getValue()), now);
        }
        return people.size();
    }

    /** A target may be due twice (two segments failed): it is taken over once. */
    private static List<Replacement> once(List<Replacement> replacements) {
        Set<List<Integer>> seen = new HashSet<>();
        return replacements.stream()
                .filter(r -> seen.add(List.of(r.waveNo(), r.position())))
                .toList();
    }

    private static Set<String> first(Set<String> codes) {
        Set<String> few = new LinkedHashSet<>();
        codes.stream().limit(5).forEach(few::add);
        return few;
    }

    /**
     * The policy. An account's trouble costs no attempt: the message certainly never left. A doubt may be sent again once even
     * when a step allows a single attempt, because that is what the category asks for.
     */
    static Optional<Replacement> decide(Due due, Set<String> kinds) {
        if (due.over() || due.person().equals("answered") || due.person().equals("delivered")) {
            return Optional.empty();
        }
        return switch (due.kind()) {
            case "not-sent" -> due.state().equals("retry") ? again(due, due.tryNo(), false) : Optional.empty();
            case "retry" ->
                !due.state().equals("retry")
                        ? Optional.empty()
                        : due.tryNo() < due.maxAttempts()
                                ? again(due, due.tryNo() + 1, false)
                                : nextEndpoint(due, kinds);
            case "failed" -> due.state().equals("failed") ? nextEndpoint(due, kinds) : Optional.empty();
            case "in-doubt" ->
                due.state().equals("in-doubt") && due.tryNo() < Math.max(2, due.maxAttempts())
                        ? again(due, due.tryNo() + 1, true)
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Replacement> again(Due due, int tryNo, boolean possibleDuplicate) {
        return Optional.of(new Replacement(
                due.recipientNo(),
                due.address(),
                due.waveNo(),
                due.position(),
                possibleDuplicate || due.possibleDuplicate(),
                tryNo));
    }

    private static Optional<Replacement> nextEndpoint(Due due, Set<String> kinds) {
        List<String> addresses = PolicyJson.addresses(due.endpoints(), kinds);
        int next = addresses.indexOf(due.address()) + 1;
        return next == 0 || next >= addresses.size()
                ? Optional.empty()
                : Optional.of(new Replacement(
                        due.recipientNo(),
                        addresses.get(next),
                        due.waveNo(),
                        due.position(),
                        due.possibleDuplicate(),
                        1));
    }
}
