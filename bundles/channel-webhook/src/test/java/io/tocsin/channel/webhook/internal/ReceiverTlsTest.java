package io.tocsin.channel.webhook.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.RecordingEvents;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS to receivers with real certificates, made here by the JDK's keytool. */
class ReceiverTlsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String STORE_PASSWORD = "changeit";
    private static final String OK = "HTTP/1.1 204 No Content\r\n\r\n";

    @TempDir
    private static Path folder;

    private RawReceiver receiver;
    private Channel channel;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificate("authority", "CN=Town Authority", "-ext", "bc:c", "-validity", "3650");
        certificate("stranger", "CN=Another Authority", "-ext", "bc:c", "-validity", "3650");
        certificate("good", "CN=siren", "-signer", "authority", "-ext", "san=ip:127.0.0.1,dns:localhost");
        certificate("misnamed", "CN=siren", "-signer", "authority", "-ext", "san=dns:siren.commune.example");
        certificate("unknown", "CN=siren", "-signer", "stranger", "-ext", "san=ip:127.0.0.1");
    }

    @AfterEach
    void stop() throws Exception {
        channel.close();
        receiver.close();
    }

    @Test
    void trustedReceiverTakesMessages() throws Exception {
        open(tls("good"), Optional.of(pem("authority")), "20s");
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        for (int i = 0; i < 5; i++) {
            assertThat(send()).isInstanceOf(SendOutcome.Accepted.class);
        }
        assertThat(((SelfCheck) channel)
                        .check()
                        .toCompletableFuture()
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .state())
                .isEqualTo(ChannelHealth.State.UP);
        assertThat(receiver.requests()).isEqualTo(5);
    }

    @Test
    void whoIsNotTrustedGetsNothing() throws Exception {
        refused("unknown", Optional.of(pem("authority")));
    }

    @Test
    void townsAuthorityIsNotTrustedUnlessSaid() throws Exception {
        refused("good", Optional.empty());
    }

    @Test
    void whoBearsAnotherNameGetsNothing() throws Exception {
        refused("misnamed", Optional.of(pem("authority")));
    }

    @Test
    void receiverWithoutTlsGetsNothing() throws Exception {
        open(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), Optional.empty(), "1s");
        // it waits for a request and we for its handshake
        assertThat(send()).isInstanceOfSatisfying(SendOutcome.Retry.class, retry -> assertThat(retry.code())
                .isIn("connect-timeout", "tls-failed"));
        assertThat(receiver.requests()).isZero();
    }

    private void refused(String certificate, Optional<String> authority) throws Exception {
        open(tls(certificate), authority, "20s");
        assertThat(send())
                .isEqualTo(new SendOutcome.Retry("tls-failed", Duration.ofMillis(100), SendOutcome.Scope.ACCOUNT));
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.DOWN);
        assertThat(channel.health().detail()).contains("certificate").contains("tls-ca");
        assertThat(receiver.requests()).isZero();
    }

    private void open(ServerSocket server, Optional<String> authority, String connectTimeout) throws Exception {
        receiver = new RawReceiver(server, RawReceiver.saying(OK));
        Map<String, String> settings = new HashMap<>(Map.of(
                "urls",
                "https://127.0.0.1:" + receiver.port(),
                "secret",
                HttpPeer.SECRET,
                "network",
                "node",
                "connect-timeout",
                connectTimeout,
                "retry-interval",
                "100ms"));
        authority.ifPresent(pem -> settings.put("tls-ca", pem));
        channel = new WebhookChannelProvider().open(new ChannelAccount("tls", settings), new RecordingEvents());
    }

    private SendOutcome send() throws Exception {
        return channel.send(new OutboundMessage(
                        "ref-1",
                        "https://127.0.0.1:" + receiver.port() + "/north",
                        Optional.empty(),
                        "fr",
                        "",
                        "Ceci est un exercice.",
                        Optional.empty(),
                        Optional.empty(),
                        OutboundMessage.Category.LIFE_SAFETY,
                        true,
                        false))
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static ServerSocket tls(String alias) throws Exception {
        KeyStore all = store();
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(
                alias,
                all.getKey(alias, STORE_PASSWORD.toCharArray()),
                STORE_PASSWORD.toCharArray(),
                all.getCertificateChain(alias));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    private static String pem(String alias) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(store().getCertificate(alias).getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    private static KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        return store;
    }

    private static void certificate(String alias, String name, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.resolve("keys.p12").toString(),
                "-storepass",
                STORE_PASSWORD));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
    }
}
