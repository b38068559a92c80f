package io.tocsin.channel.fax.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.Withdrawal;
import io.tocsin.channel.testkit.RecordingEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account on a switch that a test speaks for. */
class FaxChannelTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What a test leaves under way is not waited for. */
    private static final Duration DRAIN_LIMIT = Duration.ofMillis(100);

    private final RecordingEvents events = new RecordingEvents();
    private ScriptedSwitch there;
    private Channel here;

    @BeforeEach
    void open() throws Exception {
        there = new ScriptedSwitch();
        there.byHand = true;
        here = opened(Map.of());
    }

    private Channel opened(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(there.settings());
        settings.putAll(more);
        Channel channel = new FaxChannelProvider(DRAIN_LIMIT, LIMIT).open(new ChannelAccount("test", settings), events);
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        return channel;
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static OutboundMessage message(String reference) {
        return new OutboundMessage(
                reference,
                "+33199000010",
                Optional.empty(),
                "fr",
                "Exercice",
                "Une page.\fUne autre.",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.OPERATIONAL,
                true,
                false);
    }

    private CompletableFuture<SendOutcome> send(String reference) {
        return here.send(message(reference)).toCompletableFuture();
    }

    private static <T> T of(CompletableFuture<T> future) throws Exception {
        return future.get(2, TimeUnit.MINUTES);
    }

    @Test
    void asksTheSwitchForWhatTheAccountSays() throws Exception {
        send("r1");
        assertThat(there.originated())
                .containsEntry("Channel", "PJSIP/+33199000010@carrier")
                .containsEntry("ChannelId", "tocsin-fax-r1")
                .containsEntry("Application", "SendFAX")
                .containsEntry("Data", there.spool.resolve("fax-r1.tif") + ",fz")
                .containsEntry("Timeout", "60000")
                .containsEntry("CallerID", "<+33199001234>")
                .containsEntry("Variable", "TIMEOUT(absolute)=420|FAXOPT(ecm)=yes|FAXOPT(localstationid)=+33199001234");
        assertThat(FaxPagesTest.read(there.spool.resolve("fax-r1.tif"))).hasSize(2);
    }

    @Test
    void numbersAreDialledAndShownAsTheTrunkWantsThemAndTheSpoolIsWhereTheSwitchSeesIt() throws Exception {
        here.close();
        here = opened(Map.of(
                "numbers", "national",
                "spool-on-switch", "/var/spool/tocsin-fax/",
                "t38", "false",
                "station-id", "01 99 00 12 34",
                "longest", "2m"));
        send("r1");
        assertThat(there.originated())
                .containsEntry("Channel", "PJSIP/0199000010@carrier")
                .containsEntry("CallerID", "<0199001234>")
                .containsEntry("Data", "/var/spool/tocsin-fax/fax-r1.tif,F")
                .containsEntry(
                        "Variable", "TIMEOUT(absolute)=120|FAXOPT(ecm)=yes|FAXOPT(localstationid)=01 99 00 12 34");
    }

    @Test
    void pagesAndStationAreTheReceipt() throws Exception {
        CompletableFuture<SendOutcome> sent = send("r1");
        String id = there.originated().get("ChannelId");
        there.pickedUp(id);
        there.arrived(id, 2, "+33 1 99 00 00 10");
        assertThat(of(sent)).isEqualTo(new Accepted(id));
        await().atMost(LIMIT).until(() -> events.receipts().size() == 1);
        Receipt receipt = events.receipts().get(0);
        assertThat(receipt.carrierId()).isEqualTo(id);
        assertThat(receipt.reference()).contains("r1");
        assertThat(receipt.address()).contains("+33199000010");
        assertThat(receipt.state()).isEqualTo(Receipt.State.DELIVERED);
        assertThat(receipt.code()).isEqualTo("pages=2 station=+33_1_99_00_00_10");
        await().atMost(LIMIT).until(() -> there.files().isEmpty());
    }

    @Test
    void anUnknownTrunkIsKnownByTheRefusalAlone() throws Exception {
        CompletableFuture<SendOutcome> sent = send("r1");
        there.tell("OriginateResponse", there.originated().get("ChannelId"), "Response", "Failure", "Reason", "0");
        assertThat(of(sent)).isInstanceOfSatisfying(Retry.class, retry -> assertThat(retry.code())
                .isEqualTo("trunk-unknown"));
    }

    @Test
    void eventsOfOtherCallsRepeatedOnesAndNonsenseChangeNothing() throws Exception {
        CompletableFuture<SendOutcome> sent = send("r1");
        String id = there.originated().get("ChannelId");
        there.tell("Hangup", "tocsin-fax-r2", "Cause", "1");
        there.tell("Hangup", "1795346153.0", "Cause", "1");
        there.variables(id, "FAXPAGES", "99999999999", "REMOTESTATIONID", "\u0007<x>", "ELSE", "x");
        there.tell("SendFAX", id);
        there.pickedUp(id);
        there.pickedUp(id);
        there.arrived(id, 2, "s");
        there.arrived(id, 2, "s");
        there.failed(id, 1);
        assertThat(of(sent)).isEqualTo(new Accepted(id));
        CompletableFuture<SendOutcome> next = send("r3");
        there.failed(there.originated().get("ChannelId"), 17);
        assertThat(of(next)).isInstanceOf(Retry.class);
        assertThat(events.receipts()).hasSize(1);
    }

    @Test
    void aFaxGoesOnWhileTheLinkIsAway() throws Exception {
        CompletableFuture<SendOutcome> sent = send("r1");
        String id = there.originated().get("ChannelId");
        there.pickedUp(id);
        there.hangUpLink();
        await().atMost(LIMIT).until(() -> here.health().state() == ChannelHealth.State.DOWN);
        assertThat(((LineCapacity) here).lines()).isZero();
        await().atMost(LIMIT).until(() -> here.health().state() == ChannelHealth.State.UP);
        assertThat(sent).isNotDone();
        there.arrived(id, 2, "s");
        assertThat(of(sent)).isEqualTo(new Accepted(id));
    }

    @Test
    void aFaxThatEndedWhileTheLinkWasAwayIsInDoubtAndNeverDialledAgain() throws Exception {
        CompletableFuture<SendOutcome> sent = send("r1");
        there.living.remove(there.originated().get("ChannelId"));
        there.hangUpLink();
        assertThat(of(sent)).isEqualTo(new InDoubt("result-unheard"));
        assertThat(there.originates).isEmpty();
    }

    @Test
    void anotherFindsTheFaxAgain() throws Exception {
        send("r1");
        String id = there.originated().get("ChannelId");
        there.pickedUp(id);
        here.close();
        assertThat(there.files()).as("the switch still reads it").hasSize(1);
        here = opened(Map.of());
        Reattachment again = (Reattachment) here;
        assertThat(of(again.reattach(message("r1")).toCompletableFuture())).isTrue();
        assertThat(of(again.reattach(message("r2")).toCompletableFuture())).isFalse();
        assertThat(((LineCapacity) here).lines()).as("one is taken by it").isEqualTo(2);
        there.arrived(id, 2, "s");
        await().atMost(LIMIT).until(() -> events.receipts().size() == 1);
        assertThat(events.receipts().get(0).state()).isEqualTo(Receipt.State.DELIVERED);
        assertThat(events.receipts().get(0).reference()).contains("r1");
        assertThat(there.originates).isEmpty();
        await().atMost(LIMIT).until(() -> there.files().isEmpty());
        assertThat(((LineCapacity) here).lines()).isEqualTo(3);
    }

    @Test
    void aFaxFoundAgainThatFailsIsSaidToHaveFailed() throws Exception {
        there.living.add("tocsin-fax-r9");
        assertThat(of(((Reattachment) here).reattach(message("r9")).toCompletableFuture()))
                .isTrue();
        there.tell("Hangup", "tocsin-fax-r9", "Cause", "17");
        await().atMost(LIMIT).until(() -> events.receipts().size() == 1);
        assertThat(events.receipts().get(0).state()).isEqualTo(Receipt.State.FAILED);
        assertThat(events.receipts().get(0).code()).isEqualTo("busy");
    }

    @Test
    void whatRingsIsTakenBackAndWhatWasPickedUpIsNot() throws Exception {
        Withdrawal withdrawal = (Withdrawal) here;
        CompletableFuture<SendOutcome> rings = send("r1");
        String ringing = there.originated().get("ChannelId");
        CompletableFuture<SendOutcome> talks = send("r2");
        String talking = there.originated().get("ChannelId");
        there.pickedUp(talking);
        withdrawal.withdraw("r0");
        withdrawal.withdraw("r1");
        await().atMost(LIMIT).until(() -> there.hangups.size() == 1);
        assertThat(there.hangups.get(0)).containsEntry("Channel", ringing);
        there.tell("Hangup", ringing, "Cause", "16");
        assertThat(of(rings)).isEqualTo(new Rejected("withdrawn", Fault.CARRIER));
        await().atMost(LIMIT).until(() -> {
            withdrawal.withdraw("r2");
            return !talks.isDone();
        });
        there.arrived(talking, 2, "s");
        assertThat(of(talks)).isEqualTo(new Accepted(talking));
    }

    @Test
    void aReceiptThatIsNotStoredIsToldAgain() throws Exception {
        events.refuseNext(2);
        CompletableFuture<SendOutcome> sent = send("r1");
        String id = there.originated().get("ChannelId");
        there.pickedUp(id);
        there.arrived(id, 2, "s");
        of(sent);
        await().atMost(LIMIT).until(() -> !events.receipts().isEmpty());
    }

    @Test
    void whatCannotBeAFaxIsRejectedWithoutACall() throws Exception {
        Path file = Files.writeString(there.spool.resolve("broken.pdf"), "no PDF");
        OutboundMessage plain = message("r1");
        OutboundMessage broken = new OutboundMessage(
                "r2",
                plain.address(),
                plain.sender(),
                plain.language(),
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                plain.category(),
                false,
                false,
                "key",
                Optional.empty(),
                Optional.of(file));
        assertThat(of(here.send(broken).toCompletableFuture())).isEqualTo(new Rejected("pdf-broken", Fault.CONTENT));
        assertThat(there.originates).isEmpty();
        Files.delete(file);
    }

    @Test
    void aSpoolThatIsGoneIsTheAccountsTrouble() throws Exception {
        Files.delete(there.spool);
        assertThat(of(send("r1"))).isInstanceOfSatisfying(Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("spool-failed");
            assertThat(retry.scope()).isEqualTo(SendOutcome.Scope.ACCOUNT);
        });
        Files.createDirectory(there.spool);
    }

    @Test
    void whatACrashLeftIsSwept() throws Exception {
        here.close();
        Path old = Files.writeString(there.spool.resolve("fax-old.tif"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(4))));
        Path young = Files.writeString(there.spool.resolve("fax-young.tif"), "x");
        here = opened(Map.of());
        assertThat(there.files()).containsExactly(young);
    }

    @Test
    void aSwitchWithoutFaxFailsTheSelfCheck() throws Exception {
        there.lacksFax = true;
        ChannelHealth health = of(((SelfCheck) here).check().toCompletableFuture());
        assertThat(health.state()).isEqualTo(ChannelHealth.State.DOWN);
        assertThat(health.detail()).contains("res_fax");
    }
}
