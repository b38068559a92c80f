package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.routing.api.DispatchStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountMetersTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AccountMeters meters = new AccountMeters(registry);

    @Test
    void everyAccountsTrafficIsCountedAndTimed() {
        assertThat(scraped(
                        List.of(
                                account(4, "sms", ChannelHealth.up(), 7),
                                account(9, "mail", ChannelHealth.down("x"), 0)),
                        List.of(traffic(4, "sms", 30, 2, Optional.of(Duration.ofMillis(20))))))
                .contains(
                        "# TYPE tocsin_account_messages_total counter",
                        "tocsin_account_messages_total{account=\"4\",channel=\"sms\",outcome=\"accepted\"} 30.0",
                        "tocsin_account_messages_total{account=\"4\",channel=\"sms\",outcome=\"timed-out\"} 3.0",
                        "tocsin_account_late_answers_total{account=\"4\",channel=\"sms\"} 2.0",
                        "tocsin_account_response_median_seconds{account=\"4\",channel=\"sms\"} 0.02",
                        "tocsin_account_response_slowest_seconds{account=\"4\",channel=\"sms\"} 0.02",
                        "tocsin_account_up{account=\"4\",channel=\"sms\"} 1.0",
                        "tocsin_account_in_flight{account=\"4\",channel=\"sms\"} 7.0",
                        "tocsin_account_up{account=\"9\",channel=\"mail\"} 0.0")
                .noneMatch(line -> line.contains("commune"))
                .noneMatch(line -> line.contains("outcome=\"late\""));
    }

    @Test
    void countersGoOnAndEndWithTheirAccount() {
        scraped(List.of(account(4, "sms", ChannelHealth.up(), 0)), List.of(traffic(4, "sms", 30, 0, Optional.empty())));
        assertThat(scraped(
                        List.of(account(4, "sms", ChannelHealth.up(), 0)),
                        List.of(traffic(4, "sms", 31, 0, Optional.empty()))))
                .contains(
                        "tocsin_account_messages_total{account=\"4\",channel=\"sms\",outcome=\"accepted\"} 31.0",
                        "tocsin_account_response_median_seconds{account=\"4\",channel=\"sms\"} NaN");
        assertThat(scraped(List.of(account(5, "sms", ChannelHealth.up(), 0)), List.of()))
                .contains("tocsin_account_up{account=\"5\",channel=\"sms\"} 1.0")
                .noneMatch(line -> line.contains("account=\"4\""));
    }

    @Test
    void anAccountsLinesAreShownIfItHasSome() {
        assertThat(scraped(
                        List.of(
                                new DispatchStatus.AccountStatus(
                                        6,
                                        "commune.voice",
                                        "voice",
                                        ChannelHealth.up(),
                                        12,
                                        30,
                                        1.5,
                                        Optional.of(new DispatchStatus.Lines(28, 14))),
                                account(4, "sms", ChannelHealth.up(), 7)),
                        List.of()))
                .contains(
                        "tocsin_account_lines{account=\"6\",channel=\"voice\"} 28.0",
                        "tocsin_account_lines_ours{account=\"6\",channel=\"voice\"} 14.0",
                        "tocsin_account_in_flight{account=\"6\",channel=\"voice\"} 12.0")
                .noneMatch(line -> line.startsWith("tocsin_account_lines") && line.contains("sms"));
    }

    private List<String> scraped(
            List<DispatchStatus.AccountStatus> accounts, List<DispatchStatus.AccountTraffic> traffic) {
        meters.look(new Seen(accounts, traffic));
        return registry.scrape().lines().toList();
    }

    private static DispatchStatus.AccountStatus account(int id, String channel, ChannelHealth health, int inFlight) {
        return new DispatchStatus.AccountStatus(id, "commune." + channel, channel, health, inFlight, 10, 1.5);
    }

    private static DispatchStatus.AccountTraffic traffic(
            int id, String channel, long accepted, long late, Optional<Duration> time) {
        return new DispatchStatus.AccountTraffic(
                id,
                "commune." + channel,
                channel,
                Map.of("accepted", accepted, "timed-out", 3L, "late", late),
                time,
                time);
    }

    /** What dispatch says at one look. */
    private record Seen(List<AccountStatus> accounts, List<AccountTraffic> traffic) implements DispatchStatus {
        @Override
        public String node() {
            return "node1";
        }

        @Override
        public Map<String, String> channels() {
            return Map.of();
        }

        @Override
        public Map<String, Long> counters() {
            return Map.of();
        }

        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<CapStatus> caps() {
            return List.of();
        }
    }
}
