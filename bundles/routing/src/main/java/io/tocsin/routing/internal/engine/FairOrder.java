package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who is served next: life-safety first; then, at each level (agency, tenant, alert), whoever was given least so far for
 * their weight, counted in messages. A newcomer starts level with the least served of those present, so that it is neither owed the past
 * nor made to wait for it. Not thread-safe.
 */
final class FairOrder {
    /** How much dearer a message of information is than an operational one: the two share 4 to 1. */
    private static final int INFORMATION_PRICE = 4;

    /** One turn in so many goes to the others while life-safety waits: nobody starves. */
    private static final int TURNS_OF_LIFE_SAFETY = 16;

    /** Of how many turns one goes to what is less urgent than this, where the more urgent goes first otherwise. */
    static int turnsOf(Category mostUrgent) {
        return mostUrgent == Category.LIFE_SAFETY ? TURNS_OF_LIFE_SAFETY : INFORMATION_PRICE + 1;
    }

    /**
     * Whose a batch is, and what they weigh: of two who wait, one of weight 3 gets three messages for the other's one.
     *
     * @param agencyWeight against other agencies, from 1
     * @param tenantWeight against other tenants of the agency, from 1
     */
    record Shares(int agencyId, int agencyWeight, int tenantWeight) {
        Shares {
            if (agencyWeight < 1 || tenantWeight < 1) {
                throw new IllegalArgumentException(
                        "a weight below 1 would be owed everything: " + agencyWeight + ", " + tenantWeight);
            }
        }
    }

    /** Something waiting to be served. */
    interface Waiting {
        Category category();

        Shares shares();

        int tenantId();

        long alertId();

        int messages();

        /** The caps it falls under; none: it waits for no cap. */
        default List<Integer> caps() {
            return List.of();
        }
    }

    /** Whose account messages are put on: an agency, a tenant of it, an alert of that; 0 above its level. */
    private record Account(int agencyId, int tenantId, long alertId) {
        static Account agency(Waiting w) {
            return new Account(w.shares().agencyId(), 0, 0);
        }

        static Account tenant(Waiting w) {
            return new Account(w.shares().agencyId(), w.tenantId(), 0);
        }

        static Account alert(Waiting w) {
            return new Account(w.shares().agencyId(), w.tenantId(), w.alertId());
        }

        static List<Account> all(Waiting w) {
            return List.of(agency(w), tenant(w), alert(w));
        }

        Account parent() {
            return alertId != 0 ? new Account(agencyId, tenantId, 0) : new Account(tenantId != 0 ? agencyId : 0, 0, 0);
        }
    }

    /** Those of an alert who wait for the same caps. */
    private record Line(Account alert, List<Integer> caps) {
        static Line of(Waiting w) {
            return new Line(Account.alert(w), w.caps());
        }
    }

    private final Map<Account, Double> given = new HashMap<>();
    private int turn;

    /**
     * Serves those who wait, one after another, until nobody can be.
     *
     * @param waiting those of one alert under the same caps in the order they are to be sent
     * @param take whether one could be served; when not, those of its alert under the same caps are passed over for now
     */
    <T extends Waiting> void serve(List<T> waiting, Predicate<T> take) {
        Map<Line, Deque<T>> lines = new LinkedHashMap<>();
        waiting.forEach(
                w -> lines.computeIfAbsent(Line.of(w), l -> new ArrayDeque<>()).add(w));
        welcome(waiting);
        while (!lines.isEmpty()) {
            boolean othersTurn = (turn + 1) % TURNS_OF_LIFE_SAFETY == 0;
            T next = lines.values().stream()
                    .map(Deque::peek)
                    .min(byNeed(othersTurn))
                    .orElseThrow();
            Deque<T> queue = lines.get(Line.of(next));
            if (take.test(next)) {
                turn++;
                charge(next);
                queue.remove();
            } else {
                queue.clear();
            }
            if (queue.isEmpty()) {
                lines.remove(Line.of(next));
            }
        }
    }

    private Comparator<Waiting> byNeed(boolean othersTurn) {
        return Comparator.comparingInt((Waiting w) -> (w.category() == Category.LIFE_SAFETY) == othersTurn ? 1 : 0)
                .thenComparingDouble(w -> given.get(Account.agency(w)))
                .thenComparingInt(w -> w.shares().agencyId())
                .thenComparingDouble(w -> given.get(Account.tenant(w)))
                .thenComparingInt(Waiting::tenantId)
                .thenComparingDouble(w -> given.get(Account.alert(w)))
                .thenComparingLong(Waiting::alertId);
    }

    private void charge(Waiting served) {
        double price = served.category() == Category.INFORMATION
                ? served.messages() * (double) INFORMATION_PRICE
                : served.messages();
        given.merge(Account.agency(served), price / served.shares().agencyWeight(), Double::sum);
        given.merge(Account.tenant(served), price / served.shares().tenantWeight(), Double::sum);
        given.merge(Account.alert(served), price, Double::sum);
    }

    /** Opens accounts for newcomers, level with the least served at their place, and forgets who no longer waits. */
    private void welcome(List<? extends Waiting> waiting) {
        Set<Account> present = new HashSet<>();
        waiting.forEach(w -> present.addAll(Account.all(w)));
        given.keySet().retainAll(present);
        Map<Account, Double> least = new HashMap<>();
        given.forEach((account, n) -> least.merge(account.parent(), n, Math::min));
        present.forEach(account -> given.putIfAbsent(account, least.getOrDefault(account.parent(), 0.0)));
    }
}
