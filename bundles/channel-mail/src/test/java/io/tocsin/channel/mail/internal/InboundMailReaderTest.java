package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.Receipt.State;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboundMailReaderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private InboundMailReader reader;

    @BeforeEach
    void prepare() throws Exception {
        MailSettings settings = MailSettings.of(new ChannelAccount(
                "essai", Map.of("host", "127.0.0.1", "security", "none", "from", "alertes@commune.example")));
        reader = new InboundMailReader(new MessageIds(settings), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private InboundMail read(String source) throws Exception {
        return reader.read(Mails.mail(source));
    }

    private static String report(String to, String groups, String returned) {
        return """
                From: MAILER-DAEMON@relay.example
                To: %s
                Date: Sun, 1 Mar 2026 11:00:00 +0000
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b

                Words.
                --b
                Content-Type: message/delivery-status

                %s
                --b
                Content-Type: text/rfc822-headers

                %s
                --b--
                """
                .formatted(to, groups, returned);
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "delivered, 2.1.5, DELIVERED, delivered-2.1.5",
        "Delivered (by robot), 2.0.0, DELIVERED, delivered-2.0.0",
        "failed, 5.1.1, FAILED, failed-5.1.1",
        "failed, 4.4.7, EXPIRED, failed-4.4.7",
        "delayed, 4.4.1, BUFFERED, delayed-4.4.1",
        "relayed, 2.0.0, BUFFERED, relayed-2.0.0",
        "expanded, 2.0.0, BUFFERED, expanded-2.0.0",
        "failed, nonsense, FAILED, failed"
    })
    void actionsAreRead(String action, String status, State state, String code) throws Exception {
        InboundMail mail = read(report(
                "alertes@commune.example",
                """
                Reporting-MTA: dns; relay.example
                Original-Envelope-Id: a1.w1.7

                Final-Recipient: rfc822; habitant+un@commune.example
                Action: %s
                Status: %s
                """
                        .formatted(action, status)
                        .strip(),
                "Subject: x"));
        assertThat(mail).isInstanceOf(InboundMail.Report.class);
        Receipt receipt = ((InboundMail.Report) mail).receipts().get(0);
        assertThat(receipt.state()).isEqualTo(state);
        assertThat(receipt.code()).isEqualTo(code);
        assertThat(receipt.reference()).contains("a1.w1.7");
        assertThat(receipt.address()).contains("habitant+un@commune.example");
        assertThat(receipt.at()).isEqualTo(Instant.parse("2026-03-01T11:00:00Z"));
    }

    @Test
    void referenceIsFoundInTheReturnedHeadersOrTheBounceAddress() throws Exception {
        String group =
                "Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.0.0";
        assertThat(reference(read(report("alertes@commune.example", group, "Message-ID: <h1@commune.example>"))))
                .isEqualTo("h1");
        assertThat(reference(read(report("alertes+v1@commune.example", group, "Subject: x"))))
                .isEqualTo("v1");
        assertThat(((InboundMail.Report) read(report("alertes@commune.example", group, "Message-ID: <z@else.example>")))
                        .receipts()
                        .get(0)
                        .reference())
                .isEmpty();
    }

    private static String reference(InboundMail mail) {
        return ((InboundMail.Report) mail).receipts().get(0).reference().orElse("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "Precedence: bulk",
                "X-Autoreply: yes",
                "List-Id: <l.example>",
                "Return-Path: <>"
            })
    void robotsAreToldFromPeople(String header) throws Exception {
        assertThat(read(header + "\nFrom: a@commune.example\nIn-Reply-To: <r@commune.example>\n\n1\n"))
                .isInstanceOf(InboundMail.Automatic.class);
    }

    @Test
    void aPersonsReplyKeepsItsWordsAndReference() throws Exception {
        String source =
                """
                From: Habitant <habitant@commune.example>
                To: alertes@commune.example
                Message-ID: <reply-1@people.example>
                References: <other@else.example> <old.1@commune.example>
                 <new.2@commune.example>
                Auto-Submitted: no
                Content-Type: multipart/alternative; boundary=b

                --b
                Content-Type: text/plain; charset=iso-8859-1
                Content-Transfer-Encoding: quoted-printable

                Je suis =E0 l'abri

                Le dim. 1 mars 2026 =E0 11:00, Commune
                <alertes@commune.example> a =E9crit :
                > Mont=E9e des eaux
                --b
                Content-Type: text/html

                <p>Je suis</p>
                --b--
                """;
        assertThat(read(source)).isInstanceOfSatisfying(InboundMail.Reply.class, reply -> {
            assertThat(reply.message().text()).isEqualTo("Je suis à l'abri");
            assertThat(reply.message().reference()).contains("new.2");
            assertThat(reply.message().from()).isEqualTo("habitant@commune.example");
            assertThat(reply.message().id()).isEqualTo("reply-1@people.example");
            assertThat(reply.recognised()).isTrue();
        });
    }

    @Test
    void aMailWithoutIdHasTheSameIdEachTimeItIsRead() throws Exception {
        String source = "From: a@commune.example\nTo: alertes@commune.example\n\n1\n";
        assertThat(((InboundMail.Reply) read(source)).message().id())
                .isEqualTo(((InboundMail.Reply) read(source)).message().id())
                .isNotBlank();
    }

    @Test
    void htmlOnlyReplyIsReadWithoutItsQuotation() throws Exception {
        String source = "From: a@commune.example\nContent-Type: text/html; charset=utf-8\n\n"
                + "<html><head><style>p{}</style></head><body><p>2&nbsp;</p><blockquote>Montée</blockquote></body></html>";
        assertThat(((InboundMail.Reply) read(source)).message().text()).isEqualTo("2");
    }

    @Test
    void aBombOfNestedPartsIsSurvived() throws Exception {
        var source = new StringBuilder("From: a@commune.example\n");
        for (int i = 0; i < 2_000; i++) {
            source.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        source.append("\n1\n");
        Throwable thrown = catchThrowable(() -> reader.read(Mails.mail(source.toString())));
        if (thrown != null) {
            assertThat(thrown).isInstanceOfAny(MessagingException.class, IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/report; report-type=delivery-status; boundary=b",
                "multipart/report; report-type=delivery-status",
                "multipart/report; report-type=disposition-notification; boundary=b",
                "message/delivery-status",
                "text/plain; charset=\"",
                "///"
            })
    void brokenStructuresEndInAnAnswerOrACheckedError(String type) {
        Throwable thrown = catchThrowable(
                () -> read("From: a@commune.example\nTo: alertes@commune.example\nContent-Type: " + type + "\n\nx\n"));
        if (thrown != null) {
            assertThat(thrown).isInstanceOfAny(MessagingException.class, IOException.class);
        }
    }

    @Test
    void strangersClocksAreNotBelieved() throws Exception {
        InboundMail mail = read("From: a@commune.example\nDate: Sun, 1 Mar 2099 11:00:00 +0000\n\n1\n");
        assertThat(((InboundMail.Reply) mail).message().at()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            1                                                              | 1
            OK\\n\\n-----Message d'origine-----\\nDe : x                   | OK
            Oui\\n-- \\nJean                                               | Oui
            > quoted\\n> more\\n3                                          | 3
            2\\n\\nOn Sun, 1 Mar 2026, Commune <a@b.example> wrote:\\n> x  | 2
            Non\\n________________________________\\nDe: a@b.example       | Non
            """)
    void whatIsQuotedIsLeftOut(String text, String words) {
        assertThat(ReplyText.of(text.replace("\\n", "\n"))).isEqualTo(words);
    }

    @Test
    void anEndlessReplyIsCut() {
        assertThat(ReplyText.of("x".repeat(100_000))).hasSize(4_000);
        assertThat(ReplyText.of("")).isEmpty();
    }
}
