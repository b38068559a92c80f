package io.tocsin.channel.mail.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Postfix and Dovecot of the machine's packages, run by {@code itests/peers/mail-peers.sh} in a folder of their own. */
final class PostfixDovecot implements AutoCloseable {
    private final Map<String, String> peers;

    private PostfixDovecot(Map<String, String> peers) {
        this.peers = peers;
    }

    /** @throws IllegalStateException saying what is missing when they cannot run here */
    static PostfixDovecot start() throws IOException, InterruptedException {
        var peers = new HashMap<String, String>();
        run("start").lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                peers.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return new PostfixDovecot(peers);
    }

    /** Settings of an account that submits and reads as {@code bounces}. */
    Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        settings.put("host", "localhost");
        settings.put("port", peers.get("smtp"));
        settings.put("security", "starttls");
        settings.put("trust", peers.get("ca"));
        settings.put("user", "bounces");
        settings.put("password", "bounces-secret");
        settings.put("from", "bounces@commune.example");
        settings.put("verp", "true");
        settings.put("connections", "2");
        settings.put("retry-interval", "200ms");
        settings.put("imap-host", "127.0.0.1");
        settings.put("imap-port", peers.get("imap"));
        settings.put("poll-interval", "200ms");
        return settings;
    }

    /** The same, with TLS from the first byte on both wires (RFC 8314 §3). */
    Map<String, String> settingsWithImplicitTls() {
        var settings = new HashMap<>(settings());
        settings.put("port", peers.get("smtps"));
        settings.put("security", "tls");
        settings.put("imap-port", peers.get("imaps"));
        settings.put("imap-security", "tls");
        return settings;
    }

    int imapPort() {
        return Integer.parseInt(peers.get("imap"));
    }

    /** How often Postfix took a mail with this Message-ID, by its own log; a copy it makes later of one it took does not count. */
    long timesTaken(String messageId) throws IOException {
        try (var lines = Files.lines(Path.of(peers.get("log")))) {
            return lines.filter(line -> line.contains("cleanup") && line.contains("message-id=<" + messageId + ">"))
                    .count();
        }
    }

    void stopSmtp() throws IOException, InterruptedException {
        run("stop-smtp", peers.get("dir"));
    }

    void startSmtp() throws IOException, InterruptedException {
        run("start-smtp", peers.get("dir"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("stop", peers.get("dir"));
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("mail-peers", ".out");
        try {
            var command = new ArrayList<String>();
            command.add(script().toString());
            command.addAll(List.of(arguments));
            // to a file, not a pipe: the daemons inherit the descriptor and would keep a pipe open
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            String said = Files.readString(out, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException("Postfix and Dovecot cannot run here: " + said);
            }
            return said;
        } finally {
            Files.delete(out);
        }
    }

    private static Path script() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("itests/peers/mail-peers.sh"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("itests/peers/mail-peers.sh is not above the working directory");
        }
        return folder.resolve("itests/peers/mail-peers.sh");
    }
}
