package io.tocsin.channel.mail.internal;

import io.tocsin.channel.testkit.TalkingPeer;
import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.MailScript;
import io.tocsin.lab.mail.ReceivedMail;
import io.tocsin.lab.mail.SimulatedMail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The lab's mail server as the contract's carrier. */
final class LabPeer implements TalkingPeer, MailScript {
    private static final String USER = "tocsin";
    private static final String PASSWORD = "Sesame-7f3b";

    private static final String MAILBOX_PASSWORD = "Coffre-9k2z";

    private final SimulatedMail mail;
    private final AtomicInteger read = new AtomicInteger();
    private Answer answer = Answer.ACCEPT;
    private CompletableFuture<Void> change = new CompletableFuture<>();

    LabPeer() throws IOException {
        mail = SimulatedMail.start(MailOptions.builder()
                .login(USER, PASSWORD)
                .mailbox("boite", MAILBOX_PASSWORD)
                .reports(false, Duration.ZERO)
                .build());
        mail.follow(this);
    }

    SimulatedMail mail() {
        return mail;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = settings(mail);
        settings.put("imap-host", "127.0.0.1");
        settings.put("imap-port", Integer.toString(mail.imapPort()));
        settings.put("imap-security", "none");
        settings.put("imap-user", "boite");
        settings.put("imap-password", MAILBOX_PASSWORD);
        settings.put("poll-interval", "50ms");
        return settings;
    }

    static Map<String, String> settings(SimulatedMail mail) {
        var settings = new HashMap<String, String>();
        settings.put("host", "127.0.0.1");
        settings.put("port", Integer.toString(mail.smtpPort()));
        settings.put("security", "none");
        settings.put("user", USER);
        settings.put("password", PASSWORD);
        settings.put("from", "alertes@commune.example");
        settings.put("return-path", "bounces@commune.example");
        settings.put("connections", "4");
        settings.put("retry-interval", "100ms");
        settings.put("connect-timeout", "5s");
        settings.put("response-timeout", "20s");
        return settings;
    }

    @Override
    public List<String> secretSettings() {
        return List.of("password", "imap-password");
    }

    @Override
    public synchronized void answer(Answer next) {
        answer = next;
        change.complete(null);
        change = new CompletableFuture<>();
    }

    @Override
    public synchronized CompletionStage<Move> atRecipient(String recipient) {
        return CompletableFuture.completedFuture(
                answer == Answer.REFUSE_ADDRESS ? new Move.Say("550 5.1.1 No such user") : new Move.GoOn());
    }

    @Override
    public CompletionStage<Move> atEnd(String recipient) {
        read.incrementAndGet();
        return move();
    }

    private synchronized CompletionStage<Move> move() {
        return switch (answer) {
            case ACCEPT, REFUSE_ADDRESS -> CompletableFuture.completedFuture(new Move.GoOn());
            case THROTTLE -> CompletableFuture.completedFuture(new Move.Say("451 4.3.2 Too much at once"));
            case DROP -> CompletableFuture.completedFuture(new Move.HangUp());
            case STALL -> change.thenCompose(changed -> move());
        };
    }

    @Override
    public List<String> accepted() {
        return mail.lastMails().stream().map(ReceivedMail::recipient).toList();
    }

    @Override
    public int read() {
        return read.get();
    }

    @Override
    public void say(String from, String text, Map<String, String> headers) {
        StringBuilder lines = new StringBuilder();
        headers.forEach(
                (name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
        mail.deliver(("From: <" + from + ">\r\nTo: <bounces@commune.example>\r\nMessage-ID: <said-" + text.hashCode()
                        + "@commune.example>\r\nSubject: Re: Exercice\r\n" + lines + "\r\n" + text + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        mail.close();
    }
}
