package io.tocsin.stories;

import jakarta.mail.Authenticator;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Postfix and Dovecot of the machine's packages, run by {@code itests/peers/mail-peers.sh} in a folder of their own. */
final class MailPeers implements AutoCloseable {
    private static final Path SCRIPT = Path.of(System.getProperty("tocsin.root"), "itests/peers/mail-peers.sh");

    private final Map<String, String> said;

    private MailPeers(Map<String, String> said) {
        this.said = said;
    }

    /** @throws IllegalStateException saying what is missing when they cannot run here */
    static MailPeers start() throws IOException, InterruptedException {
        Map<String, String> said = new HashMap<>();
        run("start")
                .lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> said.put(pair[0], pair[1]));
        return new MailPeers(said);
    }

    /** The settings of an account that submits, and reads bounces and replies, as {@code bounces}. */
    String[] settings(String password) {
        return new String[] {
            "host: localhost",
            "port: \"" + said.get("smtp") + "\"",
            "security: starttls",
            "trust: " + said.get("ca"),
            "user: bounces",
            "password: " + password,
            "from: bounces@commune.example",
            "verp: \"true\"",
            "connections: \"4\"",
            "retry-interval: 500ms",
            "imap-host: localhost",
            "imap-port: \"" + said.get("imap") + "\"",
            "poll-interval: 500ms"
        };
    }

    /** The mails in a mailbox of ours. */
    List<MimeMessage> mailsOf(String user) throws MessagingException {
        Properties properties = new Properties();
        properties.setProperty("mail.imap.starttls.required", "true");
        properties.setProperty("mail.imap.ssl.trust", "localhost");
        properties.setProperty("mail.imap.ssl.checkserveridentity", "false");
        try (var store = Session.getInstance(properties).getStore("imap")) {
            store.connect("localhost", Integer.parseInt(said.get("imap")), user, user + "-secret");
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            List<MimeMessage> mails = new ArrayList<>();
            for (Message mail : inbox.getMessages()) {
                mails.add(new MimeMessage((MimeMessage) mail));
            }
            inbox.close(false);
            return mails;
        }
    }

    /** Answers a mail as its reader would: to where it says, through Postfix. */
    void reply(String user, MimeMessage to, String text) throws MessagingException {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", "localhost");
        properties.setProperty("mail.smtp.port", said.get("smtp"));
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
        properties.setProperty("mail.smtp.ssl.trust", "localhost");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "false");
        Session session = Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, user + "-secret");
            }
        });
        MimeMessage original = to;
        MimeMessage answer = (MimeMessage) original.reply(false);
        MimeMessage mail = new MimeMessage(session);
        mail.setFrom(new InternetAddress(original.getAllRecipients()[0].toString()));
        mail.setRecipients(Message.RecipientType.TO, answer.getAllRecipients());
        mail.setSubject(answer.getSubject());
        for (String header : List.of("In-Reply-To", "References")) {
            if (answer.getHeader(header) != null) {
                mail.setHeader(header, answer.getHeader(header)[0]);
            }
        }
        mail.setText(text, "utf-8");
        Transport.send(mail);
    }

    void stopSmtp() throws IOException, InterruptedException {
        run("stop-smtp", said.get("dir"));
    }

    void startSmtp() throws IOException, InterruptedException {
        run("start-smtp", said.get("dir"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("stop", said.get("dir"));
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("mail-peers", ".out");
        try {
            List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
            command.addAll(List.of(arguments));
            // to a file, not a pipe: the daemons inherit the descriptor and would keep a pipe open
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            String text = Files.readString(out);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException("Postfix and Dovecot cannot run here: " + text);
            }
            return text;
        } finally {
            Files.delete(out);
        }
    }
}
