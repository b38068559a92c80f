package io.tocsin.lab.mail.internal;

import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.MailScript.Move;
import io.tocsin.lab.mail.ReceivedMail;
import io.tocsin.lab.people.Dice;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One SMTP connection (RFC 5321), from greeting to QUIT. */
final class SmtpSession implements LoopbackServer.Session {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpSession.class);
    private static final int LONGEST_LINE = 4096;
    private static final int LARGEST_MAIL = 10 * 1024 * 1024;
    private static final int MOST_RECIPIENTS = 100;

    private final Socket socket;
    private final MailCore core;
    private final SmtpCounts counts;
    private final boolean oneTooMany;
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final List<Recipient> recipients = new ArrayList<>();
    private InputStream in;
    private OutputStream out;
    private boolean loggedIn;
    private String sender;
    private Map<String, String> parameters = Map.of();
    private long mails;

    private record Recipient(String address, Map<String, String> parameters) {}

    /** The connection ends here, by the script or the dice. */
    private static final class Cut extends IOException {
        private static final long serialVersionUID = 1L;
    }

    SmtpSession(Socket socket, MailCore core, SmtpCounts counts, boolean oneTooMany) {
        this.socket = socket;
        this.core = core;
        this.counts = counts;
        this.oneTooMany = oneTooMany;
    }

    @Override
    public void run() {
        try {
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream());
            if (oneTooMany) {
                say("421 4.7.0 Too many connections");
                return;
            }
            say("220 mail.lab.example ESMTP");
            String line;
            while ((line = line()) != null && command(line)) {
                // each command has said its reply
            }
        } catch (Cut cut) {
            counts.dropped().increment();
        } catch (IOException gone) {
            LOG.debug("lab-smtp-gone", gone);
        }
    }

    @Override
    public void hangUp() {
        hungUp.countDown();
        LoopbackServer.close(socket);
    }

    private boolean command(String line) throws IOException {
        String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" -> hello();
            case "HELO" -> say("250 mail.lab.example");
            case "AUTH" -> login(line);
            case "MAIL" -> mail(line);
            case "RCPT" -> recipient(line);
            case "DATA" -> data();
            case "RSET" -> {
                forget();
                say("250 2.0.0 OK");
            }
            case "NOOP" -> say("250 2.0.0 OK");
            case "QUIT" -> {
                say("221 2.0.0 Bye");
                return false;
            }
            default -> say("500 5.5.2 Unknown command");
        }
        return true;
    }

    private void hello() throws IOException {
        var lines = new ArrayList<>(
                List.of("mail.lab.example", "8BITMIME", "SIZE " + LARGEST_MAIL, "DSN", "ENHANCEDSTATUSCODES"));
        if (core.options().login().isPresent()) {
            lines.add("AUTH PLAIN LOGIN");
        }
        for (int i = 0; i < lines.size() - 1; i++) {
            write("250-" + lines.get(i));
        }
        say("250 " + lines.get(lines.size() - 1));
    }

    /** RFC 4954 with PLAIN (RFC 4616) and the older LOGIN. */
    private void login(String line) throws IOException {
        String[] words = line.split("\\s+");
        String user;
        String password;
        try {
            if (words.length > 1 && words[1].equalsIgnoreCase("PLAIN")) {
                String given = words.length > 2 ? words[2] : asked("");
                String[] parts = decoded(given).split("\0", -1);
                user = parts.length == 3 ? parts[1] : "";
                password = parts.length == 3 ? parts[2] : "";
            } else if (words.length > 1 && words[1].equalsIgnoreCase("LOGIN")) {
                user = decoded(words.length > 2 ? words[2] : asked("VXNlcm5hbWU6"));
                password = decoded(asked("UGFzc3dvcmQ6"));
            } else {
                say("504 5.5.4 Unknown mechanism");
                return;
            }
        } catch (IllegalArgumentException notBase64) {
            say("501 5.5.2 Not base64");
            return;
        }
        MailOptions.Login login = core.options().login().orElse(new MailOptions.Login("", ""));
        loggedIn = login.user().equals(user) && login.password().equals(password);
        say(loggedIn ? "235 2.7.0 Welcome" : "535 5.7.8 Authentication failed");
    }

    private String asked(String challenge) throws IOException {
        say("334 " + challenge);
        String line = line();
        if (line == null) {
            throw new IOException("gone during AUTH");
        }
        return line;
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private void mail(String line) throws IOException {
        forget();
        if (core.options().login().isPresent() && !loggedIn) {
            say("530 5.7.0 Authentication required");
            return;
        }
        String path = path(line);
        if (path == null) {
            say("501 5.1.7 Bad sender");
            return;
        }
        sender = path;
        parameters = parameters(line);
        say("250 2.1.0 OK");
    }

    private void recipient(String line) throws IOException {
        String path = path(line);
        if (sender == null || path == null || path.isEmpty()) {
            say(sender == null ? "503 5.5.1 MAIL first" : "501 5.1.3 Bad recipient");
            return;
        }
        String reply = reply(awaited(core.script().atRecipient(path)), path);
        if (reply.charAt(0) == '2' && recipients.size() < MOST_RECIPIENTS) {
            recipients.add(new Recipient(path, parameters(line)));
        } else {
            counts.refused().increment();
        }
        say(recipients.size() < MOST_RECIPIENTS ? reply : "452 4.5.3 Too many recipients");
    }

    private String reply(Move move, String recipient) throws IOException {
        if (move instanceof Move.HangUp) {
            throw new Cut();
        }
        if (move instanceof Move.Say say) {
            return say.line();
        }
        for (Map.Entry<String, String> one : core.options().replies().entrySet()) {
            if (MailCore.matches(one.getKey(), recipient)) {
                return one.getValue();
            }
        }
        return "250 2.1.5 OK";
    }

    private void data() throws IOException {
        if (recipients.isEmpty()) {
            say("503 5.5.1 RCPT first");
            return;
        }
        say("354 Go on");
        byte[] content = content();
        if (content == null) {
            say("552 5.3.4 Too large");
            forget();
            return;
        }
        pause();
        var dice = new Dice(core.options().seed(), recipients.get(0).address(), ++mails);
        double fate = dice.next();
        double drop = core.options().dropRate();
        if (fate < drop / 2) {
            throw new Cut();
        }
        Move move = awaited(core.script().atEnd(recipients.get(0).address()));
        if (move instanceof Move.HangUp) {
            throw new Cut();
        }
        String reply = move instanceof Move.Say say ? say.line() : "250 2.0.0 Taken";
        if (reply.charAt(0) == '2') {
            for (Recipient one : recipients) {
                var all = new TreeMap<>(parameters);
                all.putAll(one.parameters());
                core.taken(new ReceivedMail(sender, one.address(), all, content));
            }
        } else {
            counts.refused().increment();
        }
        if (fate < drop) {
            throw new Cut();
        }
        say(reply);
        forget();
    }

    /** Reads until the line with only a dot and undoes dot-stuffing (RFC 5321, 4.5.2); null if it was too large. */
    private byte[] content() throws IOException {
        var bytes = new ByteArrayOutputStream(4096);
        boolean large = false;
        while (true) {
            String line = line();
            if (line == null) {
                throw new IOException("gone during DATA");
            }
            if (line.equals(".")) {
                return large ? null : bytes.toByteArray();
            }
            large |= bytes.size() + line.length() > LARGEST_MAIL;
            if (!large) {
                String plain = line.startsWith(".") ? line.substring(1) : line;
                bytes.writeBytes(plain.getBytes(StandardCharsets.ISO_8859_1));
                bytes.write('\r');
                bytes.write('\n');
            }
        }
    }

    private void pause() throws IOException {
        long nanos = core.options().latency().toNanos();
        if (nanos <= 0) {
            return;
        }
        try {
            if (hungUp.await(nanos, TimeUnit.NANOSECONDS)) {
                throw new Cut();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new Cut();
        }
    }

    private Move awaited(CompletionStage<Move> stage) throws IOException {
        var decided = stage.toCompletableFuture();
        try {
            while (!decided.isDone()) {
                if (hungUp.await(5, TimeUnit.MILLISECONDS)) {
                    throw new Cut();
                }
            }
            return decided.get();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new Cut();
        } catch (ExecutionException brokenScript) {
            throw new IOException("the test's script failed", brokenScript);
        }
    }

    private void forget() {
        sender = null;
        parameters = Map.of();
        recipients.clear();
    }

    private static String path(String line) {
        int open = line.indexOf('<');
        int close = line.indexOf('>', open);
        return open < 0 || close < 0 ? null : line.substring(open + 1, close);
    }

    private static Map<String, String> parameters(String line) {
        var found = new TreeMap<String, String>();
        for (String word : line.substring(line.indexOf('>') + 1).trim().split("\\s+")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                found.put(word.substring(0, equals).toUpperCase(Locale.ROOT), word.substring(equals + 1));
            }
        }
        return found;
    }

    private String line() throws IOException {
        var line = new StringBuilder(80);
        int c;
        while ((c = in.read()) >= 0) {
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (line.length() >= LONGEST_LINE) {
                throw new IOException("line too long");
            }
            line.append((char) c);
        }
        return null;
    }

    private void write(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private void say(String line) throws IOException {
        write(line);
        out.flush();
    }
}
