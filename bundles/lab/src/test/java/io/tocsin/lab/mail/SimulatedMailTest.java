package io.tocsin.lab.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server by its wire, and its people by what they do. */
class SimulatedMailTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private SimulatedMail lab;

    @AfterEach
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private void start(MailOptions.Builder options) throws IOException {
        lab = SimulatedMail.start(options.reports(true, Duration.ZERO)
                .think(Duration.ZERO, Duration.ZERO)
                .build());
    }

    /** Says each line and returns the codes of the replies, greeting first. */
    private List<String> talk(String... lines) throws IOException {
        var codes = new ArrayList<String>();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), lab.smtpPort())) {
            socket.setSoTimeout(20_000);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            codes.add(reply(in));
            for (String line : lines) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                codes.add(reply(in));
            }
        }
        return codes;
    }

    private static String reply(BufferedReader in) throws IOException {
        String line;
        while ((line = in.readLine()) != null && line.length() > 3 && line.charAt(3) == '-') {
            // a reply of several lines ends with a space after the code
        }
        return line == null ? "cut" : line.substring(0, 3);
    }

    private List<String> mail(String recipient, String body) throws IOException {
        return talk(
                "EHLO test",
                "MAIL FROM:<bounces@commune.example> ENVID=ref-1 RET=HDRS",
                "RCPT TO:<" + recipient + "> NOTIFY=SUCCESS,FAILURE",
                "DATA",
                "Message-ID: <ref-1@commune.example>\r\nSubject: x\r\n\r\n" + body + "\r\n.");
    }

    @ParameterizedTest
    @CsvSource({"habitant@commune.example, 250", "x@refused.example, 550", "x@later.example, 451"})
    void recipientsAreTakenOrRefusedByPattern(String recipient, String code) throws IOException {
        start(MailOptions.builder());
        assertThat(talk("EHLO test", "MAIL FROM:<b@commune.example>", "RCPT TO:<" + recipient + ">")
                        .get(3))
                .isEqualTo(code);
    }

    @Test
    void dotsAreUnstuffedAndParametersKept() throws IOException {
        start(MailOptions.builder());
        assertThat(mail("habitant@commune.example", "..dot\r\nend")).endsWith("354", "250");
        ReceivedMail mail = lab.lastMails().get(0);
        assertThat(mail.source()).endsWith("\r\n\r\n.dot\r\nend\r\n");
        assertThat(mail.parameters()).containsEntry("ENVID", "ref-1").containsEntry("NOTIFY", "SUCCESS,FAILURE");
        assertThat(lab.mailsTo("habitant@commune.example")).isEqualTo(1);
    }

    @Test
    void loginIsAskedForAndChecked() throws IOException {
        start(MailOptions.builder().login("tocsin", "Sesame"));
        assertThat(talk("EHLO test", "MAIL FROM:<b@commune.example>").get(2)).isEqualTo("530");
        assertThat(talk("EHLO test", "AUTH PLAIN AHRvY3NpbgBTZXNhbWU=", "MAIL FROM:<b@commune.example>"))
                .endsWith("235", "250");
        assertThat(talk("EHLO test", "AUTH PLAIN AHRvY3NpbgBXcm9uZw==").get(2)).isEqualTo("535");
        assertThat(talk("EHLO test", "AUTH PLAIN !!!").get(2)).isEqualTo("501");
    }

    @ParameterizedTest
    @CsvSource({"MAIL FROM:nobody, 501", "RCPT TO:<a@b.example>, 503", "DATA, 503", "NONSENSE, 500", "AUTH X, 504"})
    void wrongCommandsAreAnswered(String command, String code) throws IOException {
        start(MailOptions.builder());
        assertThat(talk("EHLO test", command).get(2)).isEqualTo(code);
    }

    @Test
    void oneConnectionTooManyIsTold() throws IOException {
        start(MailOptions.builder().maxConnections(0));
        assertThat(talk()).containsExactly("421");
    }

    @Test
    void diceCutConnections() throws IOException {
        start(MailOptions.builder().dropRate(1));
        assertThat(mail("habitant@commune.example", "x")).endsWith("cut");
        assertThat(lab.counters().dropped()).isEqualTo(1);
    }

    @Test
    void reportIsReadOverImapAndRemoved() throws Exception {
        start(MailOptions.builder());
        mail("parti@bounce.example", "x");
        await().atMost(LIMIT).until(() -> lab.unread() == 1);
        try (var store = Session.getInstance(new Properties()).getStore("imap")) {
            store.connect("127.0.0.1", lab.imapPort(), "bounces", "bounces");
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_WRITE);
            Message report = inbox.getMessage(1);
            var out = new ByteArrayOutputStream();
            report.writeTo(out);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains(
                            "Original-Envelope-Id: ref-1",
                            "Action: failed",
                            "Final-Recipient: rfc822; parti@bounce.example");
            inbox.setFlags(new Message[] {report}, new Flags(Flags.Flag.DELETED), true);
            inbox.close(true);
            inbox.open(Folder.READ_ONLY);
            assertThat(inbox.getMessageCount()).isZero();
        }
    }

    @Test
    void peopleLookAtThePageBeforeTheyAnswer() throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/a/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            byte[] form = "<form method=post><input type=\"hidden\" name=\"csrf\" value=\"t&1\"></form>"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, form.length);
            exchange.getResponseBody().write(form);
            exchange.close();
        });
        page.start();
        try {
            start(MailOptions.builder().people(1, 0).answers(List.of("2")));
            mail(
                    "habitant@commune.example",
                    "Répondez : http://127.0.0.1:" + page.getAddress().getPort() + "/a/token.");
            await().atMost(LIMIT).until(() -> lab.counters().webAnswers() == 1);
            assertThat(seen).containsExactly("GET /a/token ", "POST /a/token answer=2&csrf=t%261");
        } finally {
            page.stop(0);
        }
    }

    @Test
    void peopleNeverFollowALinkOffThisMachine() throws Exception {
        start(MailOptions.builder().people(1, 0));
        mail("habitant@commune.example", "http://commune.example/a/token http://127.0.0.1.evil.example/a/x");
        assertThat(lab.counters().webFailures() + lab.counters().webAnswers()).isZero();
    }

    @Test
    void peopleAnswerByMailInTheThread() throws Exception {
        start(MailOptions.builder().people(0, 1).answers(List.of("1")));
        mail("habitant@commune.example", "x");
        await().atMost(LIMIT)
                .until(() -> lab.counters().mailAnswers() == 1 && lab.counters().reports() == 1);
        try (var store = Session.getInstance(new Properties()).getStore("imap")) {
            store.connect("127.0.0.1", lab.imapPort(), "bounces", "bounces");
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            var repliedTo = new ArrayList<String>();
            for (Message message : inbox.getMessages()) {
                String[] header = ((MimeMessage) message).getHeader("In-Reply-To");
                if (header != null) {
                    repliedTo.add(header[0]);
                }
            }
            assertThat(repliedTo).containsExactly("<ref-1@commune.example>");
        }
    }

    @Test
    void optionsByNameAreCheckedByName() {
        var good = MailMain.apply(
                Map.of("web-share", "0.4", "think-min-ms", "10", "think-max-ms", "20", "refused", "*@gone.example"),
                MailOptions.builder());
        assertThat(good.build().webShare()).isEqualTo(0.4);
        assertThat(good.build().replies()).containsKey("*@gone.example");
        assertThatThrownBy(() -> MailMain.apply(Map.of("web-shares", "1"), MailOptions.builder()))
                .hasMessageContaining("web-shares");
        assertThatThrownBy(() -> MailMain.apply(Map.of("web-share", "2"), MailOptions.builder()))
                .hasMessageContaining("web-share");
        assertThatThrownBy(() -> MailMain.apply(Map.of("user", "x"), MailOptions.builder()))
                .hasMessageContaining("password");
        assertThatThrownBy(() -> MailMain.apply(Map.of("latency-ms", "soon"), MailOptions.builder()))
                .hasMessageContaining("latency-ms");
    }
}
