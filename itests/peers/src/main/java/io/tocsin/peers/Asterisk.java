package io.tocsin.peers;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real Asterisk, on 127.0.0.1 unless it is told otherwise: a process of its own on free ports, with a folder of its own, gone when it is closed or
 * this JVM ends. Several live beside each other. It needs no rights. Calls come in by its first trunk, into the dialplan context {@code inbound}.
 */
public final class Asterisk implements AutoCloseable {
    private static final Duration BOOT = Duration.ofSeconds(90);

    private final AsteriskRoot root;
    private final AsteriskConfig config;
    private final Path folder;
    private Supervised process;
    private Duration booted;

    private Asterisk(AsteriskRoot root, AsteriskConfig config) {
        this.root = root;
        this.config = config;
        this.folder = config.folder();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Where calls come in by SIP over UDP. */
    public InetSocketAddress sip() {
        return new InetSocketAddress(config.wanted().address, config.sip());
    }

    /** {@code http://address:port/ari}. */
    public URI ari() {
        return URI.create("http://" + config.wanted().address + ":" + config.http() + "/ari");
    }

    /** The port of the manager interface (AMI). */
    public int ami() {
        return config.ami();
    }

    /** As {@code asterisk -V} says it. */
    public String version() {
        return root.version();
    }

    /** What the last start took, until it said that it has fully booted. */
    public Duration booted() {
        return booted;
    }

    /** Received faxes are in {@code fax/}, its own log is {@code log/messages}. Gone with it. */
    public Path folder() {
        return folder;
    }

    /**
     * Takes in a sound.
     *
     * @param alaw 8 kHz A-law, no header
     * @return what ARI plays it by ({@code sound:…})
     */
    public String sound(String name, byte[] alaw) throws IOException {
        Files.write(folder.resolve("sounds").resolve(word(name) + ".alaw"), alaw);
        return "sound:" + folder.resolve("sounds").resolve(name);
    }

    /** Runs a command of its console, such as {@code core show channels}. */
    public String cli(String command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "said", "");
        try {
            Process asking = new ProcessBuilder(
                            root.program().toString(),
                            "-C",
                            folder.resolve("etc/asterisk.conf").toString(),
                            "-rx",
                            command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            boolean ended = asking.waitFor(60, TimeUnit.SECONDS);
            if (!ended) {
                asking.destroyForcibly().waitFor();
            }
            String said = Files.readString(out);
            if (!ended || asking.exitValue() != 0) {
                throw new IOException("Asterisk does not answer '" + command + "': " + said);
            }
            return said;
        } finally {
            Files.deleteIfExists(out);
        }
    }

    /**
     * Of its process.
     *
     * @throws java.util.NoSuchElementException if it is not running
     */
    public long pid() {
        return process.pid(folder.resolve("etc/asterisk.conf").toString()).orElseThrow();
    }

    public boolean alive() {
        return process.alive();
    }

    /** Its process is killed, as by a crash; ports and folder stay. */
    public void kill() throws IOException {
        process.close();
    }

    /** Ends as an operator ends it, calls hung up. */
    public void stop() throws IOException, InterruptedException {
        try {
            cli("core stop now");
        } catch (IOException e) {
            // the connection may end before the command does
        }
        if (!process.ended(Duration.ofSeconds(30))) {
            throw new IOException("Asterisk goes on after 'core stop now'");
        }
    }

    /** Starts it again on the same ports, after {@link #kill} or {@link #stop}. */
    public void startAgain() throws IOException, InterruptedException {
        if (process.alive()) {
            throw new IllegalStateException("it runs");
        }
        boot();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.close();
        }
        delete(folder);
    }

    private void boot() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Files.deleteIfExists(folder.resolve("run/asterisk.ctl"));
        Redirect console = Redirect.appendTo(folder.resolve("log/console").toFile());
        List<String> command = new ArrayList<>(config.wanted().before);
        command.addAll(List.of(
                root.program().toString(),
                "-C",
                folder.resolve("etc/asterisk.conf").toString(),
                "-f",
                "-n"));
        process = Supervised.start(command, folder, console, console);
        while (!Files.exists(folder.resolve("run/asterisk.ctl")) || !answers()) {
            if (process.ended(Duration.ofMillis(20)) || System.nanoTime() - begin > BOOT.toNanos()) {
                throw new IOException("Asterisk does not start: " + said());
            }
        }
        booted = Duration.ofNanos(System.nanoTime() - begin);
    }

    private boolean answers() throws InterruptedException {
        try {
            cli("core waitfullybooted");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean portTaken() throws IOException {
        return said().contains("Address already in use");
    }

    private String said() throws IOException {
        StringBuilder said = new StringBuilder();
        for (String name : List.of("log/console", "log/messages")) {
            if (Files.exists(folder.resolve(name))) {
                said.append(Files.readString(folder.resolve(name)));
            }
        }
        return said.substring(Math.max(0, said.length() - 20_000));
    }

    static String word(String name) {
        if (!Pattern.matches("[A-Za-z0-9_-]{1,60}", name)) {
            throw new IllegalArgumentException("'" + name + "': letters, digits, - and _ only");
        }
        return name;
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** How a fax is received: over T.38, or as tones over G.711. */
    public enum FaxMode {
        T38(""),
        G711("F");

        /** Options of ReceiveFAX. */
        final String receives;

        FaxMode(String receives) {
            this.receives = receives;
        }
    }

    record OutboundSocket(String app, URI uri, String asUser) {}

    /** What it is to have; nothing is started before {@link #start}. */
    public static final class Builder {
        final Map<String, InetSocketAddress> trunks = new LinkedHashMap<>();
        final Map<String, String> ariUsers = new LinkedHashMap<>();
        final Map<String, String> amiUsers = new LinkedHashMap<>();
        final Map<String, String> stasis = new LinkedHashMap<>();
        final Map<String, FaxMode> faxes = new LinkedHashMap<>();
        final Map<String, String> more = new LinkedHashMap<>();
        final List<OutboundSocket> sockets = new ArrayList<>();
        final StringBuilder dialplan = new StringBuilder();
        List<String> before = List.of();
        String address = "127.0.0.1";

        private Builder() {}

        /**
         * Somewhere else than on this machine's loopback, such as in a namespace of its network.
         *
         * @param before what stands before a command to have it run there
         * @param address there, where everybody finds it
         */
        public Builder at(List<String> before, String address) {
            this.before = List.copyOf(before);
            this.address = address;
            return this;
        }

        /** A trunk to a carrier: {@code PJSIP/number@name} calls by it. A-law and mu-law, RFC 4733 keys, T.38. */
        public Builder trunk(String name, InetSocketAddress carrier) {
            trunks.put(word(name), carrier);
            return this;
        }

        /** A trunk whose other end is this same Asterisk. */
        public Builder trunkToItself(String name) {
            trunks.put(word(name), null);
            return this;
        }

        public Builder ariUser(String name, String password) {
            ariUsers.put(word(name), word(password));
            return this;
        }

        /** A WebSocket that Asterisk opens for an application, and opens again 0.5 s after it broke; needs Asterisk 22. */
        public Builder outboundWebSocket(String app, URI uri, String asUser) {
            sockets.add(new OutboundSocket(word(app), uri, word(asUser)));
            return this;
        }

        public Builder amiUser(String name, String secret) {
            amiUsers.put(word(name), word(secret));
            return this;
        }

        /** Calls to that number, or pattern ({@code _X.}), go to an ARI application with the arguments {@code in} and the number. */
        public Builder inbound(String number, String app) {
            stasis.put(number, word(app));
            return this;
        }

        /**
         * Calls to that number are received as a fax, into {@code fax/}; told as the AMI user event FaxReceived.
         */
        public Builder fax(String number, FaxMode mode) {
            faxes.put(number, mode);
            return this;
        }

        /** More of {@code extensions.conf}. */
        public Builder dialplan(String text) {
            dialplan.append(text).append('\n');
            return this;
        }

        /** Text added to a file of its configuration. */
        public Builder config(String file, String text) {
            more.merge(file, text, String::concat);
            return this;
        }

        /**
         * Starts it and waits until it has fully booted.
         *
         * @throws IllegalStateException when no Asterisk is prepared, or one too old for what it is to have
         * @throws IOException with its last words, when it does not start
         */
        public Asterisk start() throws IOException, InterruptedException {
            AsteriskRoot root = AsteriskRoot.find();
            if (!sockets.isEmpty() && root.major() < 22) {
                throw new IllegalStateException(root.version() + " opens no WebSockets: Asterisk 22 does");
            }
            for (int left = 3; left > 0; left--) {
                Path folder = Files.createTempDirectory("asterisk");
                Asterisk asterisk = new Asterisk(
                        root,
                        new AsteriskConfig(root, folder, FreePorts.udp(), FreePorts.tcp(), FreePorts.tcp(), this));
                boolean well = false;
                try {
                    asterisk.config.write();
                    asterisk.boot();
                    well = !asterisk.portTaken();
                } finally {
                    if (!well) {
                        asterisk.close();
                    }
                }
                if (well) {
                    return asterisk;
                }
            }
            throw new IOException("three times another program took a port that was free");
        }
    }
}
