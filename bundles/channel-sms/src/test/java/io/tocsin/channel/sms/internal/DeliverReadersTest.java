package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.OptionalParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receipts and messages as carriers really write them. */
class DeliverReadersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

    private final Oddities oddities = new Oddities("test", CLOCK);
    private final ReceiptReader receipts = new ReceiptReader(
            MessageIdFormat.AS_IS,
            OptionalInt.of(0x1400),
            CLOCK,
            oddities,
            new IdFormatCheck(MessageIdFormat.AS_IS, oddities));
    private final InboundReader inbound = new InboundReader(SmsText.Encoding.GSM7, CLOCK);
    private final List<InboundMessage> read = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id:12ab sub:001 dlvrd:001 submit date:2603011000 done date:2603011001 stat:DELIVRD err:000 text:Crue | 12ab | DELIVERED | DELIVRD",
                "ID:77 SUB:1 DLVRD:0 SUBMIT DATE:260301100000 DONE DATE:260301100100 STAT:UNDELIV ERR:1B Text: | 77 | FAILED | UNDELIV/1B",
                "id:a-b-c stat:EXPIRED | a-b-c | EXPIRED | EXPIRED",
                "stat:REJECTD id:5 err:008 | 5 | FAILED | REJECTD/008",
                "id:5 stat:ACCEPTD err:0 | 5 | BUFFERED | ACCEPTD",
                "id:5 stat:WHATEVER | 5 | BUFFERED | WHATEVER",
                "nothing of the kind | '' | BUFFERED | ''"
            })
    void textReceipts(String text, String id, Receipt.State state, String code) {
        Receipt receipt = receipts.read(deliver(0x04, 0, text.getBytes(StandardCharsets.US_ASCII)));
        assertThat(receipt.carrierId()).isEqualTo(id);
        assertThat(receipt.state()).isEqualTo(state);
        assertThat(receipt.code()).isEqualTo(code);
        assertThat(receipt.address()).contains("+33639980001");
        assertThat(receipt.at()).isEqualTo(CLOCK.instant());
    }

    @Test
    void whatNoDatabaseTakesIsLeftOut() {
        Receipt receipt = receipts.read(deliver(0x04, 0, "id:4\0002 stat:DELIVRD".getBytes(StandardCharsets.US_ASCII)));
        assertThat(receipt.carrierId()).isEqualTo("42");
        String endless = "id:" + "9".repeat(5_000) + " stat:DELIVRD";
        assertThat(receipts.read(deliver(0x04, 0, endless.getBytes(StandardCharsets.US_ASCII)))
                        .carrierId())
                .isEmpty();
        inbound.read(deliver(0, 0x03, new byte[] {'O', 0, 'U', 'I'}), this::store);
        assertThat(read).extracting(InboundMessage::text).containsExactly("OUI");
    }

    @Test
    void parametersGoBeforeTheTextAndAReceiptNeedsNoEsmClass() {
        DeliverSm deliver = deliver(0, 0, "id:wrong stat:UNDELIV".getBytes(StandardCharsets.US_ASCII));
        deliver.setOptionalParameters(
                new OptionalParameter.COctetString((short) 0x001e, "right"),
                new OptionalParameter.Byte((short) 0x0427, (byte) 2),
                new OptionalParameter.OctetString((short) 0x1400, "our-reference"));
        assertThat(ReceiptReader.isReceipt(deliver)).isTrue();
        Receipt receipt = receipts.read(deliver);
        assertThat(receipt.carrierId()).isEqualTo("right");
        assertThat(receipt.state()).isEqualTo(Receipt.State.DELIVERED);
        assertThat(receipt.reference()).contains("our-reference");
    }

    @Test
    void intermediateNotificationIsNews() {
        DeliverSm deliver = deliver(0x20, 0, "id:5 stat:ENROUTE".getBytes(StandardCharsets.US_ASCII));
        assertThat(ReceiptReader.isReceipt(deliver)).isTrue();
        assertThat(receipts.read(deliver).state()).isEqualTo(Receipt.State.BUFFERED);
    }

    @Test
    void textsAreDecodedByTheirCoding() {
        inbound.read(deliver(0, 0x00, new byte[] {0x05, 0x1b, 0x65}), this::store);
        inbound.read(deliver(0, 0x03, new byte[] {(byte) 0xe9}), this::store);
        inbound.read(deliver(0, 0x08, "ê🔥".getBytes(StandardCharsets.UTF_16BE)), this::store);
        inbound.read(deliver(0, 0x18, "ê".getBytes(StandardCharsets.UTF_16BE)), this::store);
        assertThat(read).extracting(InboundMessage::text).containsExactly("é€", "é", "ê🔥", "ê");
        assertThat(read).extracting(InboundMessage::from).containsOnly("+33639980001");
    }

    @Test
    void longMessageIsJoinedInAnyOrder() {
        inbound.read(part(9, 2, 2, "vers 8h"), this::store);
        inbound.read(part(8, 2, 1, "autre "), this::store);
        assertThat(read).isEmpty();
        inbound.read(part(9, 2, 1, "OUI, "), this::store);
        assertThat(read).extracting(InboundMessage::text).containsExactly("OUI, vers 8h");
    }

    @Test
    void lastPartThatIsRefusedComesAgainWithTheSameId() {
        List<InboundMessage> refused = new ArrayList<>();
        inbound.read(part(9, 2, 1, "OUI, "), this::store);
        assertThat(inbound.read(part(9, 2, 2, "vers 8h"), message -> {
                    refused.add(message);
                    return CompletableFuture.failedFuture(new IllegalStateException("not stored"));
                }))
                .isCompletedExceptionally();
        inbound.read(part(9, 2, 2, "vers 8h"), this::store);
        assertThat(read)
                .extracting(InboundMessage::id)
                .containsExactly(refused.get(0).id());
    }

    @Test
    void nonsenseHeadersAreReadAsPlainText() {
        inbound.read(deliver(0x40, 0, new byte[] {(byte) 0xff}), this::store);
        inbound.read(deliver(0x40, 0, new byte[] {5, 0, 3, 1, 2, 3, 0x41}), this::store);
        inbound.read(deliver(0x40, 0, new byte[0]), this::store);
        assertThat(read).extracting(InboundMessage::text).containsExactly("", "A", "");
    }

    private CompletionStage<Void> store(InboundMessage message) {
        read.add(message);
        return CompletableFuture.completedFuture(null);
    }

    private static DeliverSm part(int group, int total, int number, String text) {
        byte[] octets = Gsm7.encode(text);
        byte[] whole = new byte[octets.length + 6];
        System.arraycopy(new byte[] {5, 0, 3, (byte) group, (byte) total, (byte) number}, 0, whole, 0, 6);
        System.arraycopy(octets, 0, whole, 6, octets.length);
        return deliver(0x40, 0, whole);
    }

    private static DeliverSm deliver(int esmClass, int dataCoding, byte[] text) {
        DeliverSm deliver = new DeliverSm();
        deliver.setEsmClass((byte) esmClass);
        deliver.setDataCoding((byte) dataCoding);
        deliver.setSourceAddrTon((byte) 1);
        deliver.setSourceAddr("33639980001");
        deliver.setDestAddress("38000");
        deliver.setShortMessage(text);
        deliver.setOptionalParameters();
        return deliver;
    }
}
