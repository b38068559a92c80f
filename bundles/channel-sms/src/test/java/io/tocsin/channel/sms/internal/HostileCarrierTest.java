package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.CapturedLog;
import io.tocsin.lab.smsc.IdFormat;
import io.tocsin.lab.smsc.Oddity;
import io.tocsin.lab.smsc.SmscOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A carrier that does what SMPP does not foresee: nothing crashes, nothing is lost, it is said once and counted. */
class HostileCarrierTest {
    private static final Duration LIMIT = TestAccount.LIMIT;
    private static final int MESSAGES = 40;

    private final CapturedLog log = new CapturedLog();
    private TestAccount account;

    @AfterEach
    void stop() {
        if (account != null) {
            account.close();
        }
        log.close();
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_COMMAND, unknown-command",
        "OVERSIZED, oversized",
        "STRAY_NACK, unexpected-response",
        "TWICE, unexpected-response",
        "SECOND_THOUGHTS, unexpected-response",
        "TRUNCATED_RESPONSE, truncated-response",
        "TRUNCATED_RECEIPT, truncated-delivery",
        "UNREADABLE_RECEIPT, unreadable-delivery"
    })
    void whatCanBePassedOverIsPassedOver(Oddity oddity, String kind) throws Exception {
        account = TestAccount.on(SmscOptions.builder().odd(oddity), Map.of());
        List<SendOutcome> outcomes = account.sendAll(1, MESSAGES);
        Set<String> ids = outcomes.stream().map(TestAccount::id).collect(Collectors.toSet());
        assertThat(ids).hasSize(MESSAGES).allMatch(id -> !id.isEmpty());
        await().atMost(LIMIT).until(() -> account.events().receipts().size() == MESSAGES);
        assertThat(account.events().receipts()).extracting(Receipt::carrierId).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(account.events().receipts()).extracting(Receipt::state).containsOnly(Receipt.State.DELIVERED);
        assertThat(account.smsc().counters().binds()).as("no bind was given up").isEqualTo(2);
        await().atMost(LIMIT).until(() -> account.told().contains(kind + " ×"));
        assertThat(account.told()).contains(kind + " ×" + MESSAGES);
        assertThat(told(kind)).as("said once").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_RESPONSE", "WRONG_SEQUENCE"})
    void whatIsNotAnsweredIsInDoubtAndOnlyThat(Oddity oddity) throws Exception {
        account = TestAccount.on(SmscOptions.builder().odd(oddity).oddEvery(4), Map.of("response-timeout", "300ms"));
        List<SendOutcome> outcomes = account.sendAll(1, MESSAGES);
        assertThat(outcomes)
                .filteredOn(SendOutcome.InDoubt.class::isInstance)
                .hasSize(MESSAGES / 4)
                .containsOnly(new SendOutcome.InDoubt("response-timeout"));
        assertThat(outcomes).filteredOn(SendOutcome.Accepted.class::isInstance).hasSize(MESSAGES - MESSAGES / 4);
        // the receipts settle what is in doubt: they bear our reference
        await().atMost(LIMIT).until(() -> receiptReferences().size() == MESSAGES);
        assertThat(account.isUp()).isTrue();
        assertThat(told("no-response")).isEqualTo(1);
        account.smsc().behave(SmscOptions.Builder::odd);
        assertThat(TestAccount.outcome(account.send(MESSAGES + 1))).isInstanceOf(SendOutcome.Accepted.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"BAD_LENGTH", "NOT_SMPP"})
    void whatMakesTheRestUnreadableClosesTheConnectionAndTheAccountComesBack(Oddity oddity) throws Exception {
        account = TestAccount.on(
                SmscOptions.builder().odd(oddity).oddEvery(10).latency(Duration.ofMillis(2)),
                Map.of("window", "5", "response-timeout", "2m"));
        Set<Integer> open =
                new HashSet<>(IntStream.rangeClosed(1, MESSAGES).boxed().toList());
        int inDoubt = 0;
        while (!open.isEmpty()) {
            for (int n : List.copyOf(open)) {
                SendOutcome outcome = TestAccount.outcome(account.send(n));
                // certainly not sent is tried again; what is in doubt is not
                if (!(outcome instanceof SendOutcome.Retry)) {
                    open.remove(n);
                    inDoubt += outcome instanceof SendOutcome.InDoubt ? 1 : 0;
                }
            }
            await().atMost(LIMIT).until(account::isUp);
        }
        assertThat(inDoubt).isZero();
        assertThat(account.smsc().counters().duplicates()).isZero();
        assertThat(account.smsc().counters().messages()).isEqualTo(MESSAGES);
        await().atMost(LIMIT).until(() -> receiptReferences().size() == MESSAGES);
        assertThat(account.told()).contains("framing-lost ×" + MESSAGES / 10);
        assertThat(told("framing-lost")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY_ID", "NO_BODY"})
    void acceptanceWithoutAnIdIsAnAcceptance(Oddity oddity) throws Exception {
        account = TestAccount.on(SmscOptions.builder().odd(oddity), Map.of());
        assertThat(account.sendAll(1, MESSAGES))
                .allMatch(outcome -> TestAccount.id(outcome).isEmpty());
        await().atMost(LIMIT).until(() -> receiptReferences().size() == MESSAGES);
        assertThat(account.told()).contains("no-message-id ×" + MESSAGES);
    }

    @Test
    void receiptsOfStrangersGoToTheCoreAsTheyAre() throws Exception {
        account = TestAccount.on(SmscOptions.builder().odd(Oddity.FOREIGN_RECEIPT), Map.of());
        Set<String> ids =
                account.sendAll(1, MESSAGES).stream().map(TestAccount::id).collect(Collectors.toSet());
        await().atMost(LIMIT).until(() -> account.events().receipts().size() == 2 * MESSAGES);
        assertThat(account.events().receipts())
                .filteredOn(receipt -> ids.contains(receipt.carrierId()))
                .hasSize(MESSAGES);
        assertThat(account.smsc().counters().undelivered()).isZero();
    }

    @Test
    void receiptWithoutAnIdIsReportedWithWhatItHas() throws Exception {
        account = TestAccount.on(SmscOptions.builder().odd(Oddity.RECEIPT_WITHOUT_ID), Map.of());
        account.sendAll(1, MESSAGES);
        await().atMost(LIMIT).until(() -> receiptReferences().size() == MESSAGES);
        assertThat(account.events().receipts()).allSatisfy(receipt -> {
            assertThat(receipt.carrierId()).isEmpty();
            assertThat(receipt.address()).isPresent();
        });
        assertThat(told("receipt-without-id")).isEqualTo(1);
    }

    @Test
    void responseAfterItsTimeIsNewsOfTheMessageInDoubt() throws Exception {
        account = TestAccount.on(
                SmscOptions.builder().latency(Duration.ofMillis(900)), Map.of("response-timeout", "150ms"));
        assertThat(account.sendAll(1, 5)).containsOnly(new SendOutcome.InDoubt("response-timeout"));
        await().atMost(LIMIT).until(() -> account.events().receipts().size() == 10);
        Map<String, Set<String>> idsByReference = account.events().receipts().stream()
                .collect(Collectors.groupingBy(
                        receipt -> receipt.reference().orElseThrow(),
                        Collectors.mapping(Receipt::carrierId, Collectors.toSet())));
        assertThat(idsByReference).hasSize(5);
        assertThat(idsByReference.values()).as("one id for both").allMatch(ids -> ids.size() == 1);
        assertThat(account.events().receipts())
                .filteredOn(receipt -> receipt.code().equals("late-response"))
                .hasSize(5)
                .allMatch(receipt -> receipt.state() == Receipt.State.BUFFERED);
        assertThat(told("late-response")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "DECIMAL, HEX_LOWER, decimal-then-hex",
        "HEX_LOWER, DECIMAL, hex-then-decimal",
        "HEX_UPPER, DECIMAL, hex-then-decimal",
        "HEX_UPPER, HEX_LOWER, auto",
        "HEX_LOWER, HEX_UPPER, hex",
        "DECIMAL, DECIMAL, as-is"
    })
    void idsMatchHoweverTheyAreWritten(IdFormat responses, IdFormat receipts, String setting) throws Exception {
        account = TestAccount.on(SmscOptions.builder().ids(responses, receipts), Map.of("message-id-format", setting));
        Set<String> ids =
                account.sendAll(1, MESSAGES).stream().map(TestAccount::id).collect(Collectors.toSet());
        await().atMost(LIMIT).until(() -> account.events().receipts().size() == MESSAGES);
        assertThat(account.events().receipts()).extracting(Receipt::carrierId).containsExactlyInAnyOrderElementsOf(ids);
    }

    @ParameterizedTest
    @CsvSource({
        "DECIMAL, HEX_LOWER, as-is, decimal-then-hex",
        "HEX_UPPER, DECIMAL, auto, hex-then-decimal",
        "HEX_UPPER, HEX_LOWER, as-is, auto"
    })
    void idsTheAccountDoesNotForeseeAreSaidWithTheCure(
            IdFormat responses, IdFormat receipts, String setting, String cure) throws Exception {
        account = TestAccount.on(
                SmscOptions.builder().ids(responses, receipts).firstId(0xabc00).receiptDelay(Duration.ofMillis(100)),
                Map.of("message-id-format", setting));
        account.sendAll(1, MESSAGES);
        await().atMost(LIMIT).until(() -> account.events().receipts().size() == MESSAGES);
        assertThat(account.told()).contains("other-id-format ×");
        assertThat(log.text()).contains("kind=other-id-format").contains("write message-id-format: " + cure);
    }

    @Test
    void idsThatComeAgainAreToldApartByReferenceAndAddress() throws Exception {
        account = TestAccount.on(SmscOptions.builder().firstId(1), Map.of());
        List<String> before =
                account.sendAll(1, 3).stream().map(TestAccount::id).toList();
        account.smsc().restartIds();
        List<String> after = account.sendAll(4, 6).stream().map(TestAccount::id).toList();
        assertThat(after).containsExactlyInAnyOrderElementsOf(before);
        await().atMost(LIMIT).until(() -> account.events().receipts().size() == 6);
        assertThat(receiptReferences())
                .isEqualTo(IntStream.rangeClosed(1, 6)
                        .mapToObj(TestAccount::reference)
                        .collect(Collectors.toSet()));
        assertThat(account.events().receipts())
                .extracting(receipt -> receipt.address().orElseThrow())
                .doesNotHaveDuplicates();
    }

    @Test
    void eachSegmentHasItsReceipt() throws Exception {
        account = TestAccount.on(SmscOptions.builder().odd(Oddity.RECEIPT_TWICE), Map.of());
        SendOutcome.Accepted accepted = (SendOutcome.Accepted) TestAccount.outcome(account.send(1, "x".repeat(400)));
        assertThat(accepted.carrierIds()).hasSize(3).doesNotHaveDuplicates();
        await().atMost(LIMIT).until(() -> account.events().receipts().size() == 6);
        assertThat(account.events().receipts())
                .extracting(Receipt::carrierId)
                .containsExactlyInAnyOrderElementsOf(twice(accepted.carrierIds()));
    }

    @Test
    void droppedConnectionLeavesInDoubtWhatWasWrittenAndNothingElse() throws Exception {
        account = TestAccount.on(
                SmscOptions.builder().latency(Duration.ofHours(1)),
                // longer than this test waits: what ends here ends because the connection did
                Map.of("window", "10", "transmit-binds", "2", "response-timeout", "2m"));
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = 1; n <= 30; n++) {
            sent.add(account.send(n));
        }
        await().atMost(LIMIT).until(() -> account.smsc().counters().submits() == 10);
        account.smsc().refuseConnections(true);
        account.smsc().dropConnections();
        List<SendOutcome> outcomes = new ArrayList<>();
        for (CompletableFuture<SendOutcome> one : sent) {
            outcomes.add(one.get(90, java.util.concurrent.TimeUnit.SECONDS));
        }
        assertThat(outcomes)
                .filteredOn(SendOutcome.InDoubt.class::isInstance)
                .hasSize(10)
                .containsOnly(new SendOutcome.InDoubt("connection-lost"));
        assertThat(outcomes)
                .filteredOn(SendOutcome.Retry.class::isInstance)
                .hasSize(20)
                .allMatch(outcome -> ((SendOutcome.Retry) outcome).code().equals("not-bound"));
        account.smsc().refuseConnections(false);
        await().atMost(LIMIT).until(account::isUp);
    }

    @Test
    void lostBindLeavesTheOthersTheirShareOfTheWindow() throws Exception {
        account = TestAccount.on(
                SmscOptions.builder().latency(Duration.ofMillis(5)).dropRate(0.02),
                Map.of("window", "9", "transmit-binds", "3"));
        Set<Integer> open = new HashSet<>(IntStream.rangeClosed(1, 300).boxed().toList());
        int inDoubt = 0;
        while (!open.isEmpty()) {
            List<Integer> round = List.copyOf(open);
            List<CompletableFuture<SendOutcome>> sent =
                    round.stream().map(account::send).toList();
            for (int i = 0; i < round.size(); i++) {
                SendOutcome outcome = TestAccount.outcome(sent.get(i));
                if (!(outcome instanceof SendOutcome.Retry)) {
                    open.remove(round.get(i));
                    inDoubt += outcome instanceof SendOutcome.InDoubt ? 1 : 0;
                }
            }
            await().atMost(LIMIT).until(() -> account.told().startsWith("transmit 3/3"));
        }
        long drops = account.smsc().counters().drops();
        assertThat(drops).isPositive();
        assertThat(inDoubt).as("at most a bind's share for every drop").isLessThanOrEqualTo((int) (3 * drops));
        assertThat(account.smsc().counters().duplicates()).isZero();
    }

    @Test
    void throttledAccountRecoversByItself() throws Exception {
        account = TestAccount.on(SmscOptions.builder().maxPerSecond(20), Map.of());
        List<SendOutcome> first = account.sendAll(1, MESSAGES);
        assertThat(first)
                .filteredOn(SendOutcome.Retry.class::isInstance)
                .isNotEmpty()
                .containsOnly(new SendOutcome.Retry("throttled", Duration.ofSeconds(1), SendOutcome.Scope.ACCOUNT));
        for (int n = 1; n <= MESSAGES; n++) {
            int number = n;
            if (first.get(n - 1) instanceof SendOutcome.Retry) {
                await().atMost(LIMIT)
                        .until(() -> TestAccount.outcome(account.send(number)) instanceof SendOutcome.Accepted);
            }
        }
        assertThat(account.smsc().counters().messages()).isEqualTo(MESSAGES);
        assertThat(account.smsc().counters().duplicates()).isZero();
    }

    private Set<String> receiptReferences() {
        return account.events().receipts().stream()
                .flatMap(receipt -> receipt.reference().stream())
                .collect(Collectors.toSet());
    }

    private long told(String kind) {
        return log.text()
                .lines()
                .filter(line -> line.contains("sms-carrier-odd") && line.contains("kind=" + kind + " "))
                .count();
    }

    private static List<String> twice(List<String> ids) {
        List<String> all = new ArrayList<>(ids);
        all.addAll(ids);
        return all;
    }
}
