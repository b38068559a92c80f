package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Withdrawal;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.StopRows.AlertKey;
import io.tocsin.routing.internal.engine.StopRows.Person;
import io.tocsin.routing.internal.engine.StopRows.Stopped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back what is under way to people who have answered meanwhile, by whatever door and on whatever node, and of alerts that
 * were cancelled: a telephone that rings is silent within a moment. While nothing is under way that could be taken back, nothing is asked.
 */
final class Withdraw {
    /** What a channel says of a message it took back. */
    static final String CODE = "withdrawn";

    private static final Logger LOG = LoggerFactory.getLogger(Withdraw.class);

    /** An answer is seen once it is committed, and is as old then as its transaction took. */
    private static final Duration OVERLAP = Duration.ofSeconds(5);

    private final DispatchLedger ledger;
    private final Lanes lanes;
    private final Reattach reattach;
    private final LongSupplier nanoTime;
    private long lookedAt;

    Withdraw(DispatchLedger ledger, Lanes lanes, Reattach reattach, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.lanes = lanes;
        this.reattach = reattach;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
    }

    /** Called a few times a second; blocks (database) if there is something to ask. */
    void round() {
        Map<Lane, List<InFlight>> underWay = new HashMap<>();
        Set<Person> unchecked = new HashSet<>();
        Set<AlertKey> alerts = new HashSet<>();
        for (Lane lane : lanes.every()) {
            if (lane.window().inFlight() > 0 && can(lane)) {
                List<InFlight> present = lane.window().present();
                underWay.put(lane, present);
                for (InFlight message : present) {
                    alerts.add(alert(message.intent.target()));
                    if (!message.checked()) {
                        unchecked.add(person(message));
                    }
                }
            }
        }
        List<Reattach.Found> found = reattach.found();
        found.forEach(each -> {
            alerts.add(alert(each.target()));
            unchecked.add(person(each));
        });
        long now = nanoTime.getAsLong();
        if (alerts.isEmpty()) {
            lookedAt = now;
            return;
        }
        Duration lately = Duration.ofNanos(now - lookedAt).plus(OVERLAP);
        Stopped stopped = ledger.transact(t -> t.stops().stopped(unchecked, alerts, lately));
        lookedAt = now;
        underWay.forEach((lane, messages) -> withdraw(lane, messages, stopped));
        found.stream().filter(each -> why(stopped, person(each)).isPresent()).forEach(each -> lanes.serving(
                        each.accountId())
                .filter(Withdraw::can)
                .ifPresent(lane -> {
                    reattach.ended(each);
                    withdraw(lane, List.of(each.target().reference()));
                }));
    }

    private void withdraw(Lane lane, List<InFlight> messages, Stopped stopped) {
        List<InFlight> taken = new ArrayList<>();
        for (InFlight message : messages) {
            message.isChecked();
            Optional<String> why = why(stopped, person(message));
            if (why.isPresent() && message.withdraw(why.get())) {
                taken.add(message);
            }
        }
        if (!taken.isEmpty()) {
            withdraw(
                            lane,
                            taken.stream()
                                    .map(m -> m.intent.target().reference())
                                    .toList())
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            taken.forEach(InFlight::notWithdrawn);
                        }
                    });
        }
    }

    private static CompletableFuture<Void> withdraw(Lane lane, List<String> references) {
        CompletableFuture<Void> done = ((GuardedChannel) lane.channel())
                .ask(Withdrawal.class, channel -> {
                    references.forEach(channel::withdraw);
                    return CompletableFuture.<Void>completedFuture(null);
                })
                .orElseThrow();
        try (LogScope about = LogScope.account(lane.route().name())) {
            LOG.info("withdraw.asked account={} messages={}", lane.route().name(), references.size());
        }
        return done.whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.warn("withdraw.failed account={} failure={}", lane.route().name(), Redaction.described(failure));
            }
        });
    }

    private static boolean can(Lane lane) {
        return ((GuardedChannel) lane.channel()).can(Withdrawal.class);
    }

    private static Optional<String> why(Stopped stopped, Person person) {
        if (stopped.answered().contains(person)) {
            return Optional.of("answered");
        }
        return stopped.cancelled().contains(person.alert()) ? Optional.of("cancelled") : Optional.empty();
    }

    private static AlertKey alert(TargetRef target) {
        return new AlertKey(target.tenantId(), target.alertId());
    }

    private static Person person(InFlight message) {
        return new Person(alert(message.intent.target()), message.intent.recipientNo());
    }

    private static Person person(Reattach.Found found) {
        return new Person(alert(found.target()), found.recipientNo());
    }
}
