package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.DispatchLedger.Tables;
import io.tocsin.routing.internal.engine.DispatchLedger.Work;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.SimStore.SimBatch;
import io.tocsin.routing.internal.ledger.Replacement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Ledgers that break one promise each, to see whether the simulation notices. */
enum SimFlaw {
    NONE("", (ledger, store) -> ledger),

    TOKENS_ARE_NOT_CHECKED(
            "lease that had ended|stale token|handed over twice|intended again|had reached",
            (ledger, store) -> patched(ledger, "advance", (args, proceed) -> {
                HeldBatch batch = (HeldBatch) args[0];
                SimBatch row = store.batch(batch.key);
                long token = row.token;
                row.token = batch.token;
                Object result = proceed.call(args);
                row.token = token;
                return result;
            })),

    THE_DEAD_ARE_NOT_FENCED(
            "lease that had ended|intended again",
            (ledger, store) -> patched(ledger, "fence", (args, proceed) -> {
                @SuppressWarnings("unchecked")
                List<BatchRows.Fenced> fenced = (List<BatchRows.Fenced>) proceed.call(args);
                fenced.forEach(f -> store.batch(f.key()).token--);
                return fenced;
            })),

    DOUBTS_ARE_FORGOTTEN("without a word", (ledger, store) -> patched(ledger, "silent", (args, proceed) -> List.of())),

    SECOND_COPIES_ARE_NOT_FLAGGED(
            "nobody flagged",
            (ledger, store) -> patched(ledger, "openReplacements", (args, proceed) -> {
                args[4] = ((List<?>) args[4])
                        .stream()
                                .map(Replacement.class::cast)
                                .map(r -> new Replacement(
                                        r.recipientNo(), r.address(), r.waveNo(), r.position(), false, r.tryNo()))
                                .toList();
                return proceed.call(args);
            })),

    ANSWERS_ARE_NOT_HEEDED(
            "had answered before",
            (ledger, store) -> patched(ledger, "advance", (args, proceed) -> ((List<?>) proceed.call(args))
                    .stream()
                            .map(Intent.class::cast)
                            .map(i -> new Intent(
                                    i.target(),
                                    i.batch(),
                                    i.rootWave(),
                                    i.recipientNo(),
                                    i.address(),
                                    i.possibleDuplicate(),
                                    i.tryNo(),
                                    i.category(),
                                    i.name(),
                                    i.language(),
                                    i.variables(),
                                    false))
                            .toList())),

    INTENTS_ARE_NOT_DURABLE("before its intent was durable", (ledger, store) -> forgetful(ledger, "advance")),

    COMMITS_ARE_NOT_DURABLE(
            "is lost|without a word|never comes to its end|left over", (ledger, store) -> forgetful(ledger, "append")),

    UNANSWERED_GROUPS_ARE_WRITTEN_AGAIN(
            "recorded twice|more often than it came",
            (ledger, store) -> patched(ledger, "committed", (args, proceed) -> false)),

    LOST_LEASES_ARE_BELIEVED_OURS(
            "in doubt by name|nobody flagged|never comes to its end",
            (ledger, store) -> patched(ledger, "renew", (args, proceed) -> {
                proceed.call(args);
                Map<HeldBatch.Key, Long> all = new HashMap<>();
                ((Collection<?>) args[0]).forEach(b -> all.put(((HeldBatch) b).key, ((HeldBatch) b).token));
                return all;
            })),

    UNANSWERED_INTENTS_ARE_KEPT(
            "without a word",
            (ledger, store) -> patched(ledger, "release", (args, proceed) -> {
                Map<HeldBatch.Key, Integer> reached = new HashMap<>();
                ((Collection<?>) args[0])
                        .forEach(b -> reached.put(((HeldBatch) b).key, store.batch(((HeldBatch) b).key).watermark));
                Object result = proceed.call(args);
                reached.forEach((key, watermark) -> {
                    store.batch(key).watermark = watermark;
                    store.batch(key).settled |= watermark == store.batch(key).end;
                });
                return result;
            })),

    PERMITS_ARE_NOT_TAKEN("more than its cap", (ledger, store) -> patched(ledger, "update", (args, proceed) -> null)),

    NOBODY_IS_ASKED_FOR_CALLS(
            "before anybody asked", (ledger, store) -> patched(ledger, "doubt", (args, proceed) -> null)),

    WHAT_IS_FOUND_IS_NOT_KEPT(
            "although it was found",
            (ledger, store) -> patched(ledger, "append", (args, proceed) -> {
                args[0] = ((List<?>) args[0])
                        .stream()
                                .map(AttemptRows.Row.class::cast)
                                .map(r -> r.code().equals(Reattach.CODE)
                                        ? new AttemptRows.Row(
                                                r.target(),
                                                r.segment(),
                                                r.segments(),
                                                "buffered",
                                                r.code(),
                                                r.accountId(),
                                                r.carrierId(),
                                                r.at())
                                        : r)
                                .toList();
                return proceed.call(args);
            })),

    LINES_ARE_TAKEN_TWICE(
            "more calls than lines",
            (ledger, store) -> patched(
                    ledger,
                    "hold",
                    (args, proceed) ->
                            args.length == 1 && args[0] instanceof Integer ? List.of() : proceed.call(args))),

    THE_LIVING_ARE_TAKEN_FOR_DEAD(
            "in doubt by name",
            (ledger, store) -> patched(ledger, "beat", (args, proceed) -> {
                Set<Long> open = Set.copyOf(store.sessions);
                store.sessions.clear();
                Object result = proceed.call(args);
                store.sessions.addAll(open);
                return result;
            })),

    SESSIONS_CONFIRM_WHAT_COMES_AFTER_THEIR_END("in doubt by name|more calls than lines", (ledger, store) -> {
        store.endedSessionsConfirm = true;
        return ledger;
    }),

    REPLACED_TARGETS_ARE_REPLACED_AGAIN(
            "nobody flagged|handed over",
            (ledger, store) -> patched(ledger, "openReplacements", (args, proceed) -> {
                ((List<?>) args[4])
                        .stream()
                                .map(Replacement.class::cast)
                                .forEach(r -> store.alert(
                                                ((io.tocsin.routing.api.Alert) args[0]).tenantId(),
                                                ((io.tocsin.routing.api.Alert) args[0]).alertId())
                                        .wave(r.waveNo())
                                        .targets
                                        .get(r.position())
                                        .replacedBy = null);
                return proceed.call(args);
            }));

    /** What the simulation must say of it, as a regular expression. */
    final String noticed;

    final BiFunction<DispatchLedger, SimStore, DispatchLedger> made;

    SimFlaw(String noticed, BiFunction<DispatchLedger, SimStore, DispatchLedger> made) {
        this.noticed = noticed;
        this.made = made;
    }

    /** Sessions are the simulated database's, whose transactions come through here. */
    private abstract static class Flawed implements DispatchLedger {
        private final DispatchLedger ledger;

        Flawed(DispatchLedger ledger) {
            this.ledger = ledger;
        }

        @Override
        public Session session() {
            return ledger.session();
        }
    }

    private interface Proceed {
        Object call(Object[] args) throws Throwable;
    }

    private interface Patch {
        Object call(Object[] args, Proceed proceed) throws Throwable;
    }

    /** A ledger one of whose methods does something else. */
    private static DispatchLedger patched(DispatchLedger ledger, String method, Patch patch) {
        return new Flawed(ledger) {
            @Override
            public <T> T transact(Work<T> work) {
                return ledger.transact(tables -> work.run(patched(tables, method, patch)));
            }
        };
    }

    private static Tables patched(Tables tables, String method, Patch patch) {
        return new Tables() {
            @Override
            public BatchRows batches() {
                return patched(BatchRows.class, tables.batches(), method, patch);
            }

            @Override
            public AttemptRows attempts() {
                return patched(AttemptRows.class, tables.attempts(), method, patch);
            }

            @Override
            public ReceiptRows receipts() {
                return patched(ReceiptRows.class, tables.receipts(), method, patch);
            }

            @Override
            public WaveRows waves() {
                return patched(WaveRows.class, tables.waves(), method, patch);
            }

            @Override
            public NodeRows nodes() {
                return patched(NodeRows.class, tables.nodes(), method, patch);
            }

            @Override
            public AccountTimeRows accountTimes() {
                return patched(AccountTimeRows.class, tables.accountTimes(), method, patch);
            }

            @Override
            public CapRows caps() {
                return patched(CapRows.class, tables.caps(), method, patch);
            }

            @Override
            public LineRows lines() {
                return patched(LineRows.class, tables.lines(), method, patch);
            }

            @Override
            public ReattachRows reattach() {
                return patched(ReattachRows.class, tables.reattach(), method, patch);
            }

            @Override
            public StopRows stops() {
                return patched(StopRows.class, tables.stops(), method, patch);
            }

            @Override
            public ReachRows reach() {
                return patched(ReachRows.class, tables.reach(), method, patch);
            }
        };
    }

    private static <T> T patched(Class<T> rows, T real, String method, Patch patch) {
        return rows.cast(
                Proxy.newProxyInstance(SimFlaw.class.getClassLoader(), new Class<?>[] {rows}, (self, called, args) -> {
                    Proceed proceed = arguments -> {
                        try {
                            return called.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    };
                    return called.getName().equals(method) ? patch.call(args, proceed) : proceed.call(args);
                }));
    }

    /** Says that transactions with a certain statement are committed, and forgets one in four of them. */
    private static DispatchLedger forgetful(DispatchLedger ledger, String method) {
        int[] transactions = new int[1];
        return new Flawed(ledger) {
            @Override
            public <T> T transact(Work<T> work) {
                Object[] result = new Object[1];
                boolean[] called = new boolean[1];
                try {
                    return ledger.transact(tables -> {
                        T done = work.run(patched(tables, method, (args, proceed) -> {
                            called[0] = true;
                            return proceed.call(args);
                        }));
                        if (called[0] && transactions[0]++ % 4 == 3) {
                            result[0] = done;
                            throw new Forgotten();
                        }
                        return done;
                    });
                } catch (Forgotten e) {
                    @SuppressWarnings("unchecked")
                    T done = (T) result[0];
                    return done;
                }
            }
        };
    }

    private static final class Forgotten extends Error {
        private static final long serialVersionUID = 1L;

        Forgotten() {
            super("forgotten", null, false, false);
        }
    }
}
