package io.tocsin.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.channel.api.Withdrawal;
import io.tocsin.channel.fax.internal.FaxChannelProvider;
import io.tocsin.channel.testkit.RecordingEvents;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Faxes of channel-fax by a real switch: to another that receives them, and to phones that are no fax. All calls of the class are under way at
 * the same time: a page takes a quarter of a minute at least, whoever sends it.
 */
class FaxIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration WAIT = Duration.ofMinutes(5);

    private static final RecordingEvents EVENTS = new RecordingEvents();
    /** Closed in the other order. */
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    private static Path spool;
    private static Asterisk sender;
    private static Ami receives;
    private static Channel t38;
    private static Channel g711;
    private static Channel phones;
    private static CompletableFuture<SendOutcome> byT38;
    private static CompletableFuture<SendOutcome> byG711;
    private static CompletableFuture<Boolean> foundAgain;
    private static final Map<String, CompletableFuture<SendOutcome>> TO_PHONES = new HashMap<>();
    private static final Map<String, List<BufferedImage>> DRAWN = new HashMap<>();

    @BeforeAll
    static void begin() throws Exception {
        Phones subscribers = opened(Phones.builder()
                .phone("0639980001", Phone.answers())
                .phone("0639980002", Phone.busy())
                .phone("0639980003", Phone.ringsForEver())
                .phone("0639980004", Phone.refuses(404))
                .phone("0639980005", Phone.refuses(503))
                .phone("0639980006", Phone.answers().hangsUp(Duration.ofSeconds(2)))
                .start());
        Asterisk receiver = opened(Asterisk.builder()
                .trunkToItself("callers")
                .amiUser("tester", "tester-secret")
                .fax("0199000010", Asterisk.FaxMode.T38)
                .fax("0199000011", Asterisk.FaxMode.G711)
                .start());
        sender = opened(Asterisk.builder()
                .trunk("faxes", receiver.sip())
                .trunk("carrier", subscribers.address())
                .config(
                        "manager.conf",
                        "[tocsin]\nsecret = tocsin-secret\nread = call,dialplan\nwrite = call,originate,system\n")
                .start());
        receives = opened(Ami.connect(receiver));
        spool = sender.folder().resolve("fax");

        t38 = account("t38", Map.of("station-id", "+33199001201"));
        g711 = account("g711", Map.of("station-id", "+33199001202", "t38", "false"));
        phones = account(
                "phones", Map.of("dial", "PJSIP/{number}@carrier", "ringing", "5s", "longest", "30s", "lines", "10"));
        Channel dies = account("dies", Map.of("station-id", "+33199001203", "t38", "false"));

        byT38 = t38.send(message("by-t38", "+33199000010", Optional.of(document())))
                .toCompletableFuture();
        byG711 = send(g711, "by-g711", "+33199000011");
        send(dies, "dies", "+33199000011");
        DRAWN.put("by-t38", drawn("by-t38", 2));
        DRAWN.put("by-g711", drawn("by-g711", 1));
        for (int n = 1; n <= 6; n++) {
            String number = "+3363998000" + n;
            TO_PHONES.put(number, send(phones, "to-phone-" + n, number));
        }
        drawn("dies", 1);
        await().atMost(LIMIT)
                .until(() -> sender.cli("core show channels concise").contains("tocsin-fax-dies"));
        dies.close();
        Channel successor = account("dies", Map.of("station-id", "+33199001203", "t38", "false"));
        foundAgain = ((Reattachment) successor)
                .reattach(message("dies", "+33199000011"))
                .toCompletableFuture();
    }

    private static <T extends AutoCloseable> T opened(T one) {
        OPEN.push(one);
        return one;
    }

    @AfterAll
    static void end() throws Exception {
        for (AutoCloseable one : OPEN) {
            one.close();
        }
    }

    private static Channel account(String id, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(sender.ami()),
                "user", "tocsin",
                "password", "tocsin-secret",
                "dial", "PJSIP/{number}@faxes",
                "numbers", "national",
                "caller-id", "+33199001234",
                "longest", "4m",
                "spool", spool.toString()));
        settings.putAll(more);
        Channel channel = opened(new FaxChannelProvider().open(new ChannelAccount(id, settings), EVENTS));
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        return channel;
    }

    private static Path document() throws IOException {
        Path file = sender.folder().resolve("plan.pdf");
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.addRect(150, 200, 300, 400);
                content.fill();
            }
            document.save(file.toFile());
        }
        return file;
    }

    private static OutboundMessage message(String reference, String address) {
        return message(reference, address, Optional.empty());
    }

    private static OutboundMessage message(String reference, String address, Optional<Path> document) {
        return new OutboundMessage(
                reference,
                address,
                Optional.of("Commune de Saint-Aurel"),
                "fr",
                "Exercice",
                "Vigilance crues : la cote d'alerte est dépassée. Réunion de la cellule de crise à 7 h 30 en mairie.",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.OPERATIONAL,
                true,
                false,
                reference,
                Optional.empty(),
                document);
    }

    private static CompletableFuture<SendOutcome> send(Channel channel, String reference, String address) {
        return channel.send(message(reference, address)).toCompletableFuture();
    }

    /** What goes out, taken from the spool while it is there. */
    private static List<BufferedImage> drawn(String reference, int pages) {
        return await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> FaxPage.read(spool.resolve("fax-" + reference + ".tif")), drawn -> drawn.size() == pages);
    }

    private static SendOutcome of(CompletableFuture<SendOutcome> sent) throws Exception {
        return sent.get(WAIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static Receipt receipt(String reference) {
        return await().atMost(LIMIT)
                .until(
                        () -> EVENTS.receipts().stream()
                                .filter(one -> one.reference().equals(Optional.of(reference)))
                                .findFirst(),
                        Optional::isPresent)
                .get();
    }

    @Test
    void aCoverAndADocumentGoOverT38() throws Exception {
        assertArrived(byT38, "by-t38", "+33199001201", "T38", "0199000010", 2);
    }

    @Test
    void aPageGoesOverG711() throws Exception {
        assertArrived(byG711, "by-g711", "+33199001202", "audio", "0199000011", 1);
    }

    private static void assertArrived(
            CompletableFuture<SendOutcome> sent,
            String reference,
            String station,
            String mode,
            String called,
            int pages)
            throws Exception {
        assertThat(of(sent)).isEqualTo(new Accepted("tocsin-fax-" + reference));
        Receipt receipt = receipt(reference);
        assertThat(receipt.state()).isEqualTo(Receipt.State.DELIVERED);
        assertThat(receipt.code()).isEqualTo("pages=" + pages + " station=" + called);
        Map<String, String> received = receives.userEvent("FaxReceived", "Remote", station);
        assertThat(received)
                .containsEntry("Status", "SUCCESS")
                .containsEntry("Pages", Integer.toString(pages))
                .containsEntry("Mode", mode);
        List<BufferedImage> arrived = FaxPage.read(Path.of(received.get("File")));
        assertThat(arrived).hasSize(pages);
        for (int n = 0; n < pages; n++) {
            assertSame(arrived.get(n), DRAWN.get(reference).get(n));
        }
        await().atMost(LIMIT).until(() -> !Files.exists(spool.resolve("fax-" + reference + ".tif")));
    }

    /** Each dot is as it was drawn, and not all are white. */
    private static void assertSame(BufferedImage received, BufferedImage drawn) {
        assertThat(received.getWidth()).isEqualTo(FaxPage.WIDTH).isEqualTo(drawn.getWidth());
        assertThat(received.getHeight()).isEqualTo(drawn.getHeight());
        int different = 0;
        int black = 0;
        for (int y = 0; y < drawn.getHeight(); y++) {
            for (int x = 0; x < FaxPage.WIDTH; x++) {
                different += ((received.getRGB(x, y) ^ drawn.getRGB(x, y)) & 0xFFFFFF) == 0 ? 0 : 1;
                black += (received.getRGB(x, y) & 0xFFFFFF) == 0 ? 1 : 0;
            }
        }
        assertThat(different).as("dots that differ").isZero();
        assertThat(black).as("black dots").isGreaterThan(5_000);
    }

    /** The node dies with a fax on the line; the switch goes on, another node asks for it and hears how it ends. */
    @Test
    void aFaxIsFoundAgainByWhoComesAfter() throws Exception {
        assertThat(foundAgain.get(WAIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Receipt receipt = receipt("dies");
        assertThat(receipt.state()).isEqualTo(Receipt.State.DELIVERED);
        assertThat(receipt.code()).isEqualTo("pages=1 station=0199000011");
    }

    @Test
    void whoIsNoFaxEndsAsWhatItIs() throws Exception {
        assertThat(of(TO_PHONES.get("+33639980002"))).isEqualTo(retry("busy", 3));
        assertThat(of(TO_PHONES.get("+33639980003"))).isEqualTo(retry("no-answer", 5));
        assertThat(of(TO_PHONES.get("+33639980004"))).isEqualTo(new Rejected("unallocated", Fault.ADDRESS));
        assertThat(of(TO_PHONES.get("+33639980005"))).isEqualTo(retry("congestion", 5));
        assertThat(of(TO_PHONES.get("+33639980006"))).isEqualTo(retry("no-fax-answered", 5));
        assertThat(of(TO_PHONES.get("+33639980001")))
                .as("a line on which nobody speaks")
                .isEqualTo(retry("timeout", 5));
    }

    @Test
    void whatRingsIsTakenBack() throws Exception {
        Channel patient = account("patient", Map.of("dial", "PJSIP/{number}@carrier"));
        CompletableFuture<SendOutcome> rings = send(patient, "taken-back", "+33639980003");
        await().atMost(LIMIT).until(() -> sender.cli("core show channels concise")
                .lines()
                .anyMatch(line -> line.contains("!Ringing!") && line.endsWith("tocsin-fax-taken-back")));
        ((Withdrawal) patient).withdraw("taken-back");
        assertThat(of(rings)).isEqualTo(new Rejected("withdrawn", Fault.CARRIER));
    }

    private static Retry retry(String code, int minutes) {
        return new Retry(code, Duration.ofMinutes(minutes), Scope.MESSAGE);
    }

    @Test
    void aTrunkTheSwitchDoesNotKnowIsTheAccountsTrouble() throws Exception {
        Channel channel = account("unknown-trunk", Map.of("dial", "PJSIP/{number}@nobody"));
        assertThat(of(send(channel, "no-trunk", "+33199000010")))
                .isEqualTo(new Retry("trunk-unknown", Duration.ofMinutes(5), Scope.ACCOUNT));
    }

    @Test
    void aSpoolTheSwitchDoesNotSeeIsTheAccountsTrouble() throws Exception {
        Channel channel = account("other-spool", Map.of("spool-on-switch", "/nowhere", "t38", "false"));
        assertThat(of(send(channel, "no-file", "+33199000011")))
                .isEqualTo(new Rejected("file-not-on-switch", Fault.ACCOUNT));
    }

    @Test
    void theSelfCheckAsksForFaxAndFiltersAreTaken() throws Exception {
        ChannelHealth health = ((SelfCheck) t38).check().toCompletableFuture().get(WAIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(health.state()).isEqualTo(ChannelHealth.State.UP);
        assertThat(health.detail()).doesNotContain("filter");
    }
}
