package io.tocsin.lab.smsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.lab.people.SeededPeople;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jsmpp.bean.AlertNotification;
import org.jsmpp.bean.BindType;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.BindParameter;
import org.jsmpp.session.DataSmResult;
import org.jsmpp.session.MessageReceiverListener;
import org.jsmpp.session.SMPPSession;
import org.jsmpp.session.Session;
import org.junit.jupiter.api.Test;

class SimulatedSmscTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void takesSubmitsAndSendsAReceiptForEach() throws Exception {
        try (SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder()
                .latency(Duration.ofMillis(2))
                .receiptDelay(Duration.ofMillis(5))
                .build())) {
            RawSubmitter.Result result =
                    new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", "tocsin").run(2, 20, 2_000, 30);
            assertThat(result.submits()).isEqualTo(2_000);
            assertThat(result.receipts()).isEqualTo(2_000);
            // the submitter unbinds once it has read the last receipt: its last answers may not have left
            await().atMost(LIMIT)
                    .until(() -> smsc.counters().receipts() + smsc.counters().undelivered() == 2_000);
            SmscCounters counters = smsc.counters();
            assertThat(counters.messages()).isEqualTo(2_000);
            assertThat(counters.destinations()).isEqualTo(2_000);
            assertThat(counters.duplicates()).isZero();
            assertThat(smsc.messages()).hasSize(2_000).allMatch(m -> m.text().startsWith("Ceci est"));
            await().atMost(LIMIT).until(() -> smsc.counters().binds() == 0);
        }
    }

    @Test
    void peopleReplyToANumberAndCountAsReplies() throws Exception {
        try (SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder()
                .people(new SeededPeople(1, List.of("1"), Duration.ZERO, Duration.ofMillis(5), 1))
                .recordMessages(false)
                .build())) {
            new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", "tocsin").run(1, 5, 50, 30);
            assertThat(smsc.messages()).isEmpty();
            // the submitter leaves once it has read the last receipt: what it did not acknowledge waits for the next
            // bind
            SMPPSession next = new SMPPSession();
            try {
                next.setMessageReceiverListener(new Taking());
                next.connectAndBind("127.0.0.1", smsc.port(), bind());
                await().atMost(LIMIT).until(() -> smsc.counters().replies() == 50);
                assertThat(smsc.counters().receipts()).isEqualTo(50);
            } finally {
                next.unbindAndClose();
            }
        }
    }

    private static BindParameter bind() {
        return new BindParameter(
                BindType.BIND_RX, "tocsin", "tocsin", "", TypeOfNumber.UNKNOWN, NumberingPlanIndicator.UNKNOWN, null);
    }

    private static final class Taking implements MessageReceiverListener {
        @Override
        public void onAcceptDeliverSm(DeliverSm deliver) {}

        @Override
        public void onAcceptAlertNotification(AlertNotification alert) {}

        @Override
        public DataSmResult onAcceptDataSm(DataSm data, Session source) throws ProcessRequestException {
            throw new ProcessRequestException("data_sm is not used here", 0x03);
        }
    }

    @Test
    void sameMessageTwiceIsADuplicate() throws Exception {
        try (SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder().build())) {
            RawSubmitter submitter = new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", "tocsin");
            submitter.run(1, 1, 3, 30);
            submitter.run(1, 1, 2, 30);
            assertThat(smsc.counters().duplicates()).isEqualTo(2);
            assertThat(smsc.duplicatesByDestination()).isEqualTo(Map.of("+3363998000000", 1, "+3363998000001", 1));
            assertThat(smsc.severalByDestination()).isEqualTo(Map.of("+3363998000000", 2, "+3363998000001", 2));
            smsc.reset();
            assertThat(smsc.counters().messages()).isZero();
        }
    }

    @Test
    void throttlesAndRefuses() throws Exception {
        try (SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder()
                .maxPerSecond(1)
                .refusedPrefixes(List.of("+33639980"))
                .build())) {
            RawSubmitter.Result result =
                    new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", "tocsin").run(1, 4, 40, 30);
            assertThat(result.submits()).isZero();
            SmscCounters counters = smsc.counters();
            assertThat(counters.throttled()).isPositive();
            assertThat(counters.refused()).isPositive();
            assertThat(counters.throttled() + counters.refused()).isEqualTo(40);
        }
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        try (SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder().build())) {
            assertThatThrownBy(() -> new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", "wrong").run(1, 1, 1, 1))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void unknownOptionIsNamed() {
        assertThatThrownBy(() -> SmscMain.apply(Map.of("latency", "3"), SmscOptions.builder()))
                .hasMessageContaining("latency");
        assertThatThrownBy(() -> SmscMain.apply(Map.of("latency-ms", "fast"), SmscOptions.builder()))
                .hasMessageContaining("latency-ms")
                .hasMessageContaining("fast");
    }
}
