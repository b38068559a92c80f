package io.tocsin.rest.internal;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Each carrier account's health, load and traffic as meters, read from one look at dispatch a scrape. An account is named by its
 * number and channel alone: its name has its tenant's in it. What belongs to an account that is gone goes too.
 */
final class AccountMeters {
    private static final String PREFIX = "tocsin.account.";
    private static final String LATE = "late";

    private final MeterRegistry registry;
    private final Set<Tags> shown = new HashSet<>();
    private final Set<Tags> counted = new HashSet<>();
    private volatile Map<Integer, AccountStatus> statuses = Map.of();
    private volatile Map<Integer, AccountTraffic> traffic = Map.of();

    AccountMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Looks at dispatch; the meters say what is seen now until the next look. */
    synchronized void look(DispatchStatus dispatch) {
        statuses = byId(dispatch.accounts(), AccountStatus::accountId);
        traffic = byId(dispatch.traffic(), AccountTraffic::accountId);
        forgetOthers();
        statuses.values().stream()
                .filter(a -> shown.add(tags(a.accountId(), a.channel())))
                .forEach(this::register);
        traffic.values().stream()
                .filter(a -> counted.add(tags(a.accountId(), a.channel())))
                .forEach(this::register);
    }

    private void register(AccountStatus account) {
        Tags tags = tags(account.accountId(), account.channel());
        gauge("up", "1 when it can send, whole or in part", tags, m -> m.status(account)
                .map(a -> a.health().state() == ChannelHealth.State.DOWN ? 0.0 : 1.0));
        gauge("in.flight", "Messages handed over and not answered", tags, m -> m.status(account)
                .map(a -> (double) a.inFlight()));
        gauge("rate", "Messages a second", tags, m -> m.status(account).map(AccountStatus::ratePerSecond));
        if (account.lines().isPresent()) {
            gauge("lines", "Lines there are: each message in flight has one", tags, m -> m.lines(account)
                    .map(lines -> (double) lines.working()));
            gauge("lines.ours", "Lines this node may use, of those its nodes share", tags, m -> m.lines(account)
                    .map(lines -> (double) lines.ours()));
        }
    }

    private void register(AccountTraffic account) {
        Tags tags = tags(account.accountId(), account.channel());
        account.counts().keySet().stream()
                .filter(outcome -> !outcome.equals(LATE))
                .forEach(outcome -> counter(
                        "messages",
                        "Messages handed over, by what the channel made of them in time",
                        tags.and("outcome", outcome),
                        m -> m.count(account, outcome)));
        // a message that timed out is counted as that already: among the outcomes it would be there twice
        counter("late.answers", "Answers after the time limit", tags, m -> m.count(account, LATE));
        time(
                "response.median",
                "Half of the answers took no longer, to the class",
                tags,
                account,
                AccountTraffic::median);
        time(
                "response.slowest",
                "99 of 100 answers took no longer, to the class",
                tags,
                account,
                AccountTraffic::slowest);
    }

    private void time(
            String name,
            String what,
            Tags tags,
            AccountTraffic account,
            Function<AccountTraffic, Optional<Duration>> time) {
        Gauge.builder(PREFIX + name, this, m -> Optional.ofNullable(m.traffic.get(account.accountId()))
                        .flatMap(time)
                        .map(t -> t.toNanos() / 1e9)
                        .orElse(Double.NaN))
                .baseUnit("seconds")
                .description(what)
                .tags(tags)
                .register(registry);
    }

    private void gauge(String name, String what, Tags tags, Function<AccountMeters, Optional<Double>> value) {
        Gauge.builder(PREFIX + name, this, m -> value.apply(m).orElse(0.0))
                .description(what)
                .tags(tags)
                .register(registry);
    }

    private void counter(String name, String what, Tags tags, ToDoubleFunction<AccountMeters> value) {
        FunctionCounter.builder(PREFIX + name, this, value)
                .description(what)
                .tags(tags)
                .register(registry);
    }

    private Optional<AccountStatus> status(AccountStatus account) {
        return Optional.ofNullable(statuses.get(account.accountId()));
    }

    private Optional<DispatchStatus.Lines> lines(AccountStatus account) {
        return status(account).flatMap(AccountStatus::lines);
    }

    private double count(AccountTraffic account, String outcome) {
        AccountTraffic now = traffic.get(account.accountId());
        return now == null ? 0 : now.counts().getOrDefault(outcome, 0L);
    }

    private void forgetOthers() {
        Set<Tags> present = statuses.values().stream()
                .map(a -> tags(a.accountId(), a.channel()))
                .collect(Collectors.toSet());
        traffic.values().forEach(a -> present.add(tags(a.accountId(), a.channel())));
        shown.retainAll(present);
        counted.retainAll(present);
        registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith(PREFIX))
                .filter(meter -> !present.contains(Tags.of(
                        "account",
                        meter.getId().getTag("account"),
                        "channel",
                        meter.getId().getTag("channel"))))
                .toList()
                .forEach(registry::remove);
    }

    private static Tags tags(int accountId, String channel) {
        return Tags.of("account", Integer.toString(accountId), "channel", channel);
    }

    private static <T> Map<Integer, T> byId(List<T> all, Function<T, Integer> id) {
        return all.stream().collect(Collectors.toMap(id, Function.identity(), (one, two) -> two));
    }
}
