package io.tocsin.lab.mail;

import io.tocsin.lab.process.LoopbackDoor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/**
 * The simulated mail server as a process of its own: {@code MailMain --smtp-port=0 --web-share=0.6 …}.
 *
 * <p>Prints one line, {@code {"smtp":…,"imap":…,"http":…}}, and then answers on the loopback: {@code GET /stats},
 * {@code GET /to?address=…}, {@code POST /drop}, {@code POST /reset}, {@code POST /refuse?connections=true},
 * {@code POST /behave?latency-ms=…}. Runs until killed.
 */
public final class MailMain {
    private final SimulatedMail mail;
    private final LoopbackDoor http;

    private MailMain(SimulatedMail mail, LoopbackDoor http) {
        this.mail = mail;
        this.http = http;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> given = LoopbackDoor.arguments(args);
        String httpPort = given.remove("http");
        MailOptions options;
        try {
            options = apply(given, MailOptions.builder()).build();
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        var main = new MailMain(
                SimulatedMail.start(options), new LoopbackDoor(httpPort == null ? 0 : Integer.parseInt(httpPort)));
        main.serve();
        System.out.printf(
                "{\"smtp\":%d,\"imap\":%d,\"http\":%d}%n",
                main.mail.smtpPort(), main.mail.imapPort(), main.http.port());
        System.out.flush();
    }

    /** Options by the names that the command line, {@code /behave} and the bundle's configuration share. */
    static MailOptions.Builder apply(Map<String, String> given, MailOptions.Builder options) {
        Map<String, String> left = new TreeMap<>(given);
        number(left, "smtp-port", value -> options.smtpPort((int) value));
        number(left, "imap-port", value -> options.imapPort((int) value));
        number(left, "latency-ms", value -> options.latency(millis(value)));
        number(left, "drop-rate", options::dropRate);
        number(left, "seed", value -> options.seed((long) value));
        number(left, "max-connections", value -> options.maxConnections((int) value));
        number(left, "max-recorded", value -> options.maxRecorded((int) value));
        pair(left, "user", "password", options::login);
        pair(left, "mailbox-user", "mailbox-password", options::mailbox);
        reports(left, options);
        people(left, options);
        text(left, "bounces", value -> options.bounces(list(value)));
        text(left, "refused", value -> list(value).forEach(one -> options.reply(one, "550 5.1.1 No such user")));
        text(left, "later", value -> list(value).forEach(one -> options.reply(one, "451 4.7.1 Try again later")));
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown option " + left.keySet().iterator().next());
        }
        return options;
    }

    private static void reports(Map<String, String> left, MailOptions.Builder options) {
        MailOptions now = options.build();
        String success = left.remove("success-reports");
        options.reports(success == null ? now.successReports() : Boolean.parseBoolean(success), now.reportDelay());
        number(left, "report-delay-ms", value -> options.reports(options.build().successReports(), millis(value)));
    }

    private static void people(Map<String, String> left, MailOptions.Builder options) {
        number(left, "web-share", value -> options.people(value, options.build().mailShare()));
        number(left, "mail-share", value -> options.people(options.build().webShare(), value));
        text(left, "answers", value -> options.answers(list(value)));
        String least = left.remove("think-min-ms");
        String most = left.remove("think-max-ms");
        if (least != null || most != null) {
            MailOptions now = options.build();
            Duration quickest = least == null ? now.quickest() : millis(parsed("think-min-ms", least));
            Duration slowest = most == null ? now.slowest() : millis(parsed("think-max-ms", most));
            options.think(quickest, slowest.compareTo(quickest) < 0 && most == null ? quickest : slowest);
        }
    }

    private static void pair(Map<String, String> left, String user, String password, BiConsumer<String, String> set) {
        String name = left.remove(user);
        String secret = left.remove(password);
        if (name != null && secret != null) {
            set.accept(name, secret);
        } else if (name != null || secret != null) {
            throw new IllegalArgumentException((name == null ? user : password) + ": is missing, write both");
        }
    }

    private static void number(Map<String, String> left, String key, DoubleConsumer set) {
        text(left, key, value -> set.accept(parsed(key, value)));
    }

    private static double parsed(String key, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(key + ": " + value + " is not a number", wrong);
        }
    }

    private static void text(Map<String, String> left, String key, Consumer<String> set) {
        String value = left.remove(key);
        if (value != null) {
            set.accept(value);
        }
    }

    private static Duration millis(double value) {
        return Duration.ofNanos((long) (value * 1_000_000));
    }

    private static List<String> list(String value) {
        return value.isBlank() ? List.of() : List.of(value.split("\\s*,\\s*"));
    }

    private void serve() {
        http.answers("/stats", query -> mail.counters().toJson());
        http.answers("/to", query -> "{\"mails\":" + mail.mailsTo(query.getOrDefault("address", "")) + "}");
        http.does("/drop", query -> mail.dropConnections());
        http.does("/reset", query -> mail.reset());
        http.does("/refuse", query -> mail.refuseConnections(Boolean.parseBoolean(query.get("connections"))));
        http.does("/behave", query -> mail.behave(options -> apply(query, options)));
        http.start();
    }
}
