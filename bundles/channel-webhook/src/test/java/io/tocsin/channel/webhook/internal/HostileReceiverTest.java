package io.tocsin.channel.webhook.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.channel.testkit.CapturedLog;
import io.tocsin.channel.testkit.RecordingEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receivers that are slow, broken or mean: each message ends once, in the outcome that is true, and the next one goes. */
class HostileReceiverTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String OK = "HTTP/1.1 204 No Content\r\n\r\n";

    private final RecordingEvents events = new RecordingEvents();
    private final CountDownLatch over = new CountDownLatch(1);
    private RawReceiver receiver;
    private Channel channel;

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        if (channel != null) {
            channel.close();
        }
        receiver.close();
    }

    @Test
    void oneThatNeverAnswersLeavesItInDoubt() throws Exception {
        open((connection, out) -> untilOver(), Map.of("response-timeout", "200ms"));
        assertThat(send("/")).isEqualTo(new InDoubt("response-timeout"));
        assertThat(receiver.requests()).isOne();
    }

    @Test
    void oneThatAnswersByDropsIsWaitedForNoLonger() throws Exception {
        open(
                (connection, out) -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        out.write('H');
                        out.flush();
                        pause();
                    }
                },
                Map.of("response-timeout", "300ms"));
        assertThat(send("/")).isInstanceOf(InDoubt.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'garbage without end',            connection-lost|response-unreadable",
        "'\u0001\u0002\u0003\r\n\r\n',     connection-lost|response-unreadable",
        "'HTTP/1.1 two hundred OK\r\n\r\n', response-unreadable",
        "'HTTP/1.1 200',                   connection-lost|response-unreadable",
        "'SSH-2.0-OpenSSH_9.2\r\n',        connection-lost|response-unreadable",
        "'',                               connection-lost",
    })
    void garbageLeavesItInDoubt(String said, String codes) throws Exception {
        open(RawReceiver.saying(said), Map.of());
        SendOutcome outcome = send("/");
        assertThat(outcome).isInstanceOf(InDoubt.class);
        assertThat(((InDoubt) outcome).code()).matches(codes);
    }

    @Test
    void headersWithoutEndLeaveItInDoubt() throws Exception {
        open(
                (connection, out) -> {
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(("X-More: " + "m".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    }
                },
                Map.of());
        assertThat(send("/")).isEqualTo(new InDoubt("response-unreadable"));
    }

    @Test
    void bodyWithoutEndIsNotReadAndChangesNothing() throws Exception {
        open(
                (connection, out) -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n{\"delivered\": true, \"more\": \""
                            .getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(new byte[65536]);
                    }
                },
                Map.of());
        assertThat(send("/")).isEqualTo(new Accepted("ref-1"));
        assertThat(events.receipts()).isEmpty();
    }

    @Test
    void oneThatBreaksOffInItsAnswerHasTakenIt() throws Exception {
        open(RawReceiver.saying("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"delivered\": true}"), Map.of());
        assertThat(send("/")).isEqualTo(new Accepted("ref-1"));
        assertThat(events.receipts()).isEmpty();
    }

    @Test
    void oneThatSaysTakenAndNothingMoreHasTakenIt() throws Exception {
        open(
                (connection, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    untilOver();
                },
                Map.of("response-timeout", "300ms"));
        assertThat(send("/")).isEqualTo(new Accepted("ref-1"));
    }

    @Test
    void ofTwoAnswersTheFirstCounts() throws Exception {
        open(RawReceiver.saying("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" + OK), Map.of());
        assertThat(send("/")).isEqualTo(new Rejected("http-404", Fault.ADDRESS));
        receiver.close();
        assertThat(receiver.requests()).isOne();
    }

    @Test
    void interimAnswersAreNone() throws Exception {
        open(
                RawReceiver.saying("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK),
                Map.of());
        assertThat(send("/")).isEqualTo(new Accepted("ref-1"));
    }

    @Test
    void redirectIsNotFollowed() throws Exception {
        try (RawReceiver elsewhere = new RawReceiver(RawReceiver.saying(OK))) {
            open(
                    RawReceiver.saying("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:" + elsewhere.port()
                            + "/\r\nContent-Length: 0\r\n\r\n"),
                    Map.of());
            assertThat(send("/")).isEqualTo(new Rejected("http-301", Fault.ADDRESS));
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, '',                               ACCOUNT, 1",
        "429, 'Retry-After: 7',                 ACCOUNT, 7",
        "503, 'Retry-After: 86400000',          ACCOUNT, 3600",
        "503, 'Retry-After: soon',              ACCOUNT, 1",
        "503, 'Retry-After: Thu, 01 Jan 1970 00:00:00 GMT', ACCOUNT, 1",
        "500, 'Retry-After: 9',                 MESSAGE, 9",
        "502, '',                               MESSAGE, 0",
        "408, '',                               MESSAGE, 0",
        "425, '',                               MESSAGE, 0",
    })
    void whatMayPassIsTriedAgainWhenTheReceiverSays(int status, String header, Scope scope, long seconds)
            throws Exception {
        open(
                RawReceiver.saying("HTTP/1.1 " + status + " No\r\n" + (header.isEmpty() ? "" : header + "\r\n")
                        + "Content-Length: 0\r\n\r\n"),
                Map.of("retry-interval", "1s"));
        assertThat(send("/")).isEqualTo(new Retry("http-" + status, Duration.ofSeconds(seconds), scope));
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.UP);
    }

    @ParameterizedTest
    @CsvSource({
        "400, CONTENT",
        "401, ACCOUNT",
        "403, ACCOUNT",
        "404, ADDRESS",
        "405, ADDRESS",
        "410, ADDRESS",
        "413, CONTENT",
        "422, CONTENT",
        "418, ADDRESS",
        "302, ADDRESS"
    })
    void whatWillNotPassSaysWhoseFaultItIs(int status, Fault fault) throws Exception {
        open(RawReceiver.saying("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n"), Map.of());
        assertThat(send("/")).isEqualTo(new Rejected("http-" + status, fault));
    }

    @Test
    void answersAreNeverLogged() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            open(
                    RawReceiver.saying("HTTP/1.1 200 OK-canary\r\nX-Canary: canary\r\nContent-Length: 6\r\n\r\ncanary"),
                    Map.of());
            assertThat(send("/hooks/token-0990")).isInstanceOf(Accepted.class);
            channel.close();
            assertThat(log.text())
                    .doesNotContain("canary")
                    .doesNotContain("token-0990")
                    .doesNotContain("Exercice");
        }
    }

    @Test
    void whatIsDeliveredIsSaidOnceEvenIfItCouldNotBeStoredAtFirst() throws Exception {
        String said = "{\"note\": {\"delivered\": false}, \"delivered\": true}";
        open(
                RawReceiver.saying("HTTP/1.1 200 OK\r\nX-Request-Id: r-77\r\nContent-Length: " + said.length()
                        + "\r\n\r\n" + said),
                Map.of());
        events.refuseNext(1);
        assertThat(send("/")).isEqualTo(new Accepted("r-77"));
        await().atMost(LIMIT).until(() -> events.receipts().size() == 1);
        Receipt receipt = events.receipts().get(0);
        assertThat(receipt.reference()).contains("ref-1");
        assertThat(receipt.state()).isEqualTo(Receipt.State.DELIVERED);
    }

    @Test
    void everyTryOfAMessageSaysTheSameIdAndIsReportedByItself() throws Exception {
        String said = "{\"delivered\": true}";
        open(RawReceiver.saying("HTTP/1.1 200 OK\r\nContent-Length: " + said.length() + "\r\n\r\n" + said), Map.of());
        assertThat(outcome(url("/"), "1.2.1.0", "TheSameKey")).isEqualTo(new Accepted("1.2.1.0"));
        assertThat(outcome(url("/"), "1.2.3.5", "TheSameKey")).isEqualTo(new Accepted("1.2.3.5"));
        assertThat(receiver.heads()).hasSize(2).allSatisfy(head -> assertThat(head)
                .containsIgnoringCase("\nwebhook-id: TheSameKey\r"));
        await().atMost(LIMIT).until(() -> events.receipts().size() == 2);
        assertThat(events.receipts())
                .extracting(Receipt::reference)
                .containsExactlyInAnyOrder(Optional.of("1.2.1.0"), Optional.of("1.2.3.5"));
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"delivered\": \"true\"}'",
        "'{\"delivered\": false}'",
        "'{\"other\": {\"delivered\": true}}'",
        "'[{\"delivered\": true}]'",
        "'{\"delivered\": true} and more'",
        "'{\"delivered\": true'",
        "'delivered'",
    })
    void anythingElseIsNotDelivered(String said) throws Exception {
        open(RawReceiver.saying("HTTP/1.1 200 OK\r\nContent-Length: " + said.length() + "\r\n\r\n" + said), Map.of());
        assertThat(send("/")).isInstanceOf(Accepted.class);
        channel.close();
        assertThat(events.receipts()).isEmpty();
    }

    @Test
    void idThatIsNoneIsReplacedByOurs() throws Exception {
        open(RawReceiver.saying("HTTP/1.1 204 No Content\r\nX-Request-Id: " + "x".repeat(65) + "\r\n\r\n"), Map.of());
        assertThat(send("/")).isEqualTo(new Accepted("ref-1"));
    }

    @Test
    void oneThatIsAwayDoesNotHoldUpAnother() throws Exception {
        try (RawReceiver there = new RawReceiver(RawReceiver.saying(OK))) {
            receiver = new RawReceiver(RawReceiver.saying(OK));
            int away = receiver.port();
            receiver.close();
            channel = new WebhookChannelProvider()
                    .open(
                            new ChannelAccount(
                                    "two",
                                    settings(Map.of(
                                            "urls",
                                            "http://127.0.0.1:" + away + " http://127.0.0.1:" + there.port() + "/in"))),
                            events);
            await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.DEGRADED);
            assertThat(channel.health().detail()).contains("127.0.0.1:" + away);
            assertThat(outcome("http://127.0.0.1:" + away + "/"))
                    .isEqualTo(new Retry("not-connected", Duration.ZERO, Scope.MESSAGE));
            assertThat(outcome("http://127.0.0.1:" + there.port() + "/in/1")).isInstanceOf(Accepted.class);
            assertThat(outcome("http://127.0.0.1:" + there.port() + "/other"))
                    .isEqualTo(new Rejected("url-not-allowed", Fault.ADDRESS));
            assertThat(outcome("https://127.0.0.1:" + there.port() + "/in/1"))
                    .isEqualTo(new Rejected("url-not-allowed", Fault.ADDRESS));
            assertThat(outcome("not a URL")).isEqualTo(new Rejected("address-invalid", Fault.ADDRESS));
            assertThat(there.requests()).isOne();
        }
    }

    @Test
    void receiverThatComesBackIsSeenWithoutAMessage() throws Exception {
        receiver = new RawReceiver(RawReceiver.saying(OK));
        int port = receiver.port();
        receiver.close();
        channel = new WebhookChannelProvider()
                .open(new ChannelAccount("back", settings(Map.of("urls", "http://127.0.0.1:" + port))), events);
        await().atMost(LIMIT).until(() -> channel.health().detail().contains("does not take connections"));
        receiver = new RawReceiver(
                new java.net.ServerSocket(port, 50, java.net.InetAddress.getByName("127.0.0.1")),
                RawReceiver.saying(OK));
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        assertThat(receiver.requests()).isZero();
    }

    @Test
    void thisNodeIsOutOfReachUnlessTheAccountSaysOtherwise() throws Exception {
        receiver = new RawReceiver(RawReceiver.saying(OK));
        for (String network : new String[] {"public", "site"}) {
            for (String host : new String[] {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"}) {
                String url = "http://" + host + ":" + receiver.port();
                channel = new WebhookChannelProvider()
                        .open(
                                new ChannelAccount(
                                        "near", settings(Map.of("urls", url, "network", network, "insecure", "true"))),
                                events);
                assertThat(outcome(url + "/"))
                        .as(network + " " + url)
                        .isEqualTo(new Rejected("address-not-allowed", Fault.ACCOUNT));
                assertThat(channel.health().detail()).contains("set network");
                channel.close();
            }
        }
        assertThat(receiver.requests()).isZero();
    }

    @Test
    void headersAndSecretsGoToTheirOwnReceiverOnly() throws Exception {
        String other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        try (RawReceiver second = new RawReceiver(RawReceiver.saying(OK))) {
            receiver = new RawReceiver(RawReceiver.saying(OK));
            String one = "http://127.0.0.1:" + receiver.port();
            String two = "http://127.0.0.1:" + second.port();
            channel = new WebhookChannelProvider()
                    .open(
                            new ChannelAccount(
                                    "two",
                                    settings(Map.of(
                                            "urls",
                                            one + "," + two,
                                            "secret",
                                            HttpPeer.SECRET + "\n" + two + "/ " + other,
                                            "authorization",
                                            one + " Bearer first",
                                            "headers",
                                            "X-Site: north\n" + two + " X-Site: south"))),
                            events);
            assertThat(outcome(one + "/a?b=c")).isInstanceOf(Accepted.class);
            assertThat(outcome(two + "/a")).isInstanceOf(Accepted.class);
            assertThat(receiver.heads().get(0))
                    .startsWith("POST /a?b=c HTTP/1.1\r\n")
                    .containsIgnoringCase("authorization: Bearer first\r\n")
                    .containsIgnoringCase("x-site: north\r\n")
                    .containsIgnoringCase("host: 127.0.0.1:" + receiver.port() + "\r\n");
            assertThat(second.heads().get(0))
                    .doesNotContainIgnoringCase("authorization")
                    .containsIgnoringCase("x-site: south\r\n");
        }
    }

    private void open(RawReceiver.Conduct conduct, Map<String, String> more) throws Exception {
        receiver = new RawReceiver(conduct);
        Map<String, String> settings = settings(more);
        settings.put("urls", "http://127.0.0.1:" + receiver.port());
        channel = new WebhookChannelProvider().open(new ChannelAccount("hostile", settings), events);
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
    }

    private static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "secret", HttpPeer.SECRET, "network", "node", "response-timeout", "20s", "retry-interval", "100ms"));
        settings.putAll(more);
        return settings;
    }

    private SendOutcome send(String path) throws Exception {
        return outcome(url(path));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + receiver.port() + path;
    }

    private SendOutcome outcome(String url) throws Exception {
        return outcome(url, "ref-1", "key-1");
    }

    private SendOutcome outcome(String url, String reference, String repeatKey) throws Exception {
        return channel.send(new OutboundMessage(
                        reference,
                        url,
                        Optional.empty(),
                        "fr",
                        "Exercice",
                        "Ceci est un exercice.",
                        Optional.empty(),
                        Optional.empty(),
                        OutboundMessage.Category.LIFE_SAFETY,
                        true,
                        false,
                        repeatKey))
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void untilOver() {
        try {
            over.await();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** As slow as the test allows, so that no limit of sizes is what ends it. */
    private void pause() {
        try {
            over.await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
