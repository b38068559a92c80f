package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS against a carrier with real certificates, made here by the JDK's keytool. */
class CarrierTlsTest {
    private static final String STORE_PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private TestAccount account;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificate("authority", "CN=Carrier Authority", "-ext", "bc:c", "-validity", "3650");
        certificate("stranger", "CN=Another Authority", "-ext", "bc:c", "-validity", "3650");
        certificate("good", "CN=smsc", "-signer", "authority", "-ext", "san=ip:127.0.0.1,dns:localhost");
        certificate("misnamed", "CN=smsc", "-signer", "authority", "-ext", "san=dns:smsc.carrier.example");
        certificate("unknown", "CN=smsc", "-signer", "stranger", "-ext", "san=ip:127.0.0.1");
        certificate(
                "expired",
                "CN=smsc",
                "-signer",
                "authority",
                "-ext",
                "san=ip:127.0.0.1",
                "-startdate",
                "-20d",
                "-validity",
                "10");
    }

    @AfterEach
    void stop() {
        if (account != null) {
            account.close();
        }
    }

    @Test
    void messagesAndReceiptsPass() throws Exception {
        account = TestAccount.on(carrier("good"), tls(Map.of()));
        assertThat(account.sendAll(1, 50)).allMatch(SendOutcome.Accepted.class::isInstance);
        await().atMost(TestAccount.LIMIT)
                .until(() -> account.events().receipts().size() == 50);
        account.smsc().dropConnections();
        await().atMost(TestAccount.LIMIT)
                .until(() -> TestAccount.outcome(account.send(51)) instanceof SendOutcome.Accepted);
    }

    @Test
    void nameMayBeAnotherThanTheHosts() throws Exception {
        account = TestAccount.on(carrier("misnamed"), tls(Map.of("tls-name", "smsc.carrier.example")));
        assertThat(TestAccount.outcome(account.send(1))).isInstanceOf(SendOutcome.Accepted.class);
    }

    @Test
    void wrongNameIsRefusedWithTheNamesAndTheCure() throws Exception {
        account = TestAccount.down(carrier("misnamed"), tls(Map.of()));
        awaitTold("the certificate is for smsc.carrier.example and not for 127.0.0.1", "tls-name");
    }

    @Test
    void unknownAuthorityIsRefusedWithItsNameAndTheCure() throws Exception {
        account = TestAccount.down(carrier("unknown"), tls(Map.of()));
        awaitTold("issuer CN=Another Authority", "tls-ca");
    }

    @Test
    void privateAuthorityIsNotTrustedUnlessSaid() throws Exception {
        Map<String, String> settings = tls(Map.of());
        settings.remove("tls-ca");
        account = TestAccount.down(carrier("good"), settings);
        awaitTold("issuer CN=Carrier Authority", "tls-ca");
    }

    @Test
    void expiredCertificateIsRefusedWithItsDateAndTheCure() throws Exception {
        account = TestAccount.down(carrier("expired"), tls(Map.of()));
        awaitTold("the certificate of CN=smsc expired on 20", "the carrier must renew it");
    }

    @Test
    void carrierWithoutTlsIsSaid() throws Exception {
        account = TestAccount.down(SmscOptions.builder(), tls(Map.of()));
        awaitTold("TLS: the carrier hung up during the handshake", "check port and tls");
    }

    @Test
    void carrierThatWantsTlsIsSaid() throws Exception {
        account = TestAccount.down(carrier("good"), Map.of());
        awaitTold("the carrier speaks TLS on this port", "set tls to true");
    }

    @Test
    void wrongSettingsAreNamed() throws Exception {
        refused("tls-ca", Map.of("tls", "true", "tls-ca", "/etc/ssl/carrier.pem"), "-----BEGIN CERTIFICATE-----");
        refused(
                "tls-ca",
                Map.of("tls", "true", "tls-ca", "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----"),
                "cannot be read");
        refused("tls-ca", Map.of("tls-ca", pem("authority")), "tls: true");
        refused("tls-name", Map.of("tls-name", "smsc.carrier.example"), "tls: true");
    }

    @Test
    void certificateMayHaveLostItsLineEnds() throws Exception {
        for (String between : List.of(" ", "\\n")) {
            Map<String, String> settings = tls(Map.of());
            settings.put("tls-ca", pem("authority").replace("\n", between));
            try (TestAccount one = TestAccount.on(carrier("good"), settings)) {
                assertThat(one.isUp()).isTrue();
            }
        }
    }

    private void awaitTold(String... words) {
        await().atMost(TestAccount.LIMIT)
                .untilAsserted(() -> assertThat(account.told()).contains(words));
        assertThat(account.isUp()).isFalse();
        assertThat(account.smsc().counters().binds()).isZero();
    }

    private static void refused(String setting, Map<String, String> written, String cure) {
        Map<String, String> settings =
                new HashMap<>(Map.of("host", "127.0.0.1", "system-id", "town", "password", "hush"));
        settings.putAll(written);
        assertThatThrownBy(() -> SmsSettings.of(new ChannelAccount("test", settings)))
                .isInstanceOf(ChannelSettingsException.class)
                .hasMessageStartingWith(setting)
                .hasMessageContaining(cure);
    }

    private static Map<String, String> tls(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("tls", "true", "tls-ca", pem("authority")));
        settings.putAll(more);
        return settings;
    }

    private static SmscOptions.Builder carrier(String certificate) throws Exception {
        return SmscOptions.builder().tls(context(certificate));
    }

    private static SSLContext context(String alias) throws Exception {
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
        return context;
    }

    private static String pem(String alias) throws Exception {
        Certificate certificate = store().getCertificate(alias);
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
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
        assertThat(keytool.waitFor(TestAccount.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(keytool.exitValue())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
    }
}
