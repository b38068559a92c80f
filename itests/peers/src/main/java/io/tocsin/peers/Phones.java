package io.tocsin.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A carrier and its subscribers: phones with numbers, of which sipp speaks the SIP and this class hears and says. Each number does what its
 * {@link Phone} says, as often and as many times at once as it is called. They call too: {@link #dial}.
 */
public final class Phones implements AutoCloseable {
    private static final Pattern SAID = Pattern.compile("TOCSIN ([A-Z]+) (\\S+) ?(.*)");
    private static final Pattern CALLED = Pattern.compile("(\\S+) (\\S+) (.*)");
    private static final Pattern CALLER =
            Pattern.compile("\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"\\s*)?<?sips?:(?:([^@>;]*)@)?.*");

    private static final String WATCHDOG_MILLIS = "120000";

    private final Map<String, Phone> phones;
    private final Phone others;
    private final boolean audio;
    private final String address;
    private final Media media;
    private final Path folder;
    private final Map<String, PhoneCall> calls = new LinkedHashMap<>();
    private final Map<String, Phone> dialled = new LinkedHashMap<>();
    private final List<Supervised> sipps = new ArrayList<>();
    private final StringBuilder complaints = new StringBuilder();
    private int port;

    private Phones(Builder wanted) throws IOException {
        phones = new LinkedHashMap<>(wanted.phones);
        others = wanted.others;
        audio = wanted.audio;
        address = wanted.address;
        media = new Media(InetAddress.getByName(address));
        folder = Files.createTempDirectory("phones");
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Where the carrier takes calls: what a trunk points at. */
    public InetSocketAddress address() {
        return new InetSocketAddress(address, port);
    }

    /** All calls until now, in the order they came. */
    public List<PhoneCall> calls() {
        synchronized (calls) {
            return List.copyOf(calls.values());
        }
    }

    /** The last call to a number. */
    public Optional<PhoneCall> last(String number) {
        return calls().stream().filter(call -> call.number().equals(number)).reduce((one, next) -> next);
    }

    /** Where its scenarios are, and what sipp says of calls that went another way ({@code *.errors}). Gone with it. */
    public Path folder() {
        return folder;
    }

    /** What sipp complained of: its words for a test that failed. */
    public String complaints() {
        synchronized (complaints) {
            return complaints.toString();
        }
    }

    /**
     * Calls a switch.
     *
     * @param from the caller's number
     * @param name the caller's name, may be empty
     * @param phone what the caller does once the call is up; how it rings and answers is not looked at
     */
    public PhoneCall dial(InetSocketAddress to, String from, String name, String number, Phone phone)
            throws IOException {
        String id = "dial-" + UUID.randomUUID();
        PhoneCall call = new PhoneCall(id, number, from, name, null);
        synchronized (calls) {
            calls.put(id, call);
            dialled.put(id, phone);
        }
        sipp(
                id,
                Scenario.calls(plain(from), plain(name), plain(number), phone, media.address()),
                List.of("-m", "1", "-cid_str", id, to.getHostString() + ":" + to.getPort()));
        return call;
    }

    /** Hostile names are welcome, as far as sipp can say them. */
    private static String plain(String word) {
        if (!Pattern.matches("[^\\p{Cntrl}\\[\\]\"\\\\]*", word)) {
            throw new IllegalArgumentException(
                    "'" + word + "': sipp cannot say brackets, quotes, backslashes and control characters");
        }
        return word;
    }

    private void sipp(String name, String scenario, List<String> more) throws IOException {
        Path file = folder.resolve(name + ".xml");
        Files.writeString(file, scenario);
        List<String> command = new ArrayList<>(List.of(
                "sipp",
                "-sf",
                file.toString(),
                "-i",
                address,
                "-nostdin",
                // that the machine stood still for a moment is no complaint about a call
                "-watchdog_minor_threshold",
                WATCHDOG_MILLIS,
                "-watchdog_major_threshold",
                WATCHDOG_MILLIS,
                "-trace_logs",
                "-log_file",
                "/dev/stderr",
                "-trace_err",
                "-error_file",
                folder.resolve(name + ".errors").toString()));
        command.addAll(more);
        Supervised sipp = Supervised.start(command, folder, Redirect.DISCARD, Redirect.PIPE);
        synchronized (sipps) {
            sipps.add(sipp);
        }
        Thread reader = new Thread(() -> read(sipp), "sipp-says");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Supervised sipp) {
        try (var lines = new BufferedReader(new InputStreamReader(sipp.errors(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher said = SAID.matcher(line);
                if (said.find()) {
                    happened(said.group(1), said.group(2), said.group(3));
                } else if (!line.isBlank() && !line.startsWith("Resolving") && !line.contains("jumping to label")) {
                    complain(line);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void complain(String line) {
        synchronized (complaints) {
            complaints.append(line).append('\n');
        }
    }

    private void join(PhoneCall call) {
        if (audio) {
            media.join(call);
        }
    }

    private void happened(String event, String id, String rest) {
        if (event.equals("INVITE")) {
            Matcher called = CALLED.matcher(rest);
            if (!called.matches()) {
                complain("a call without a number: " + rest);
                return;
            }
            Matcher caller = CALLER.matcher(called.group(3));
            boolean known = caller.matches();
            String number = known && caller.group(2) != null ? caller.group(2) : "";
            String name = known && caller.group(1) != null ? caller.group(1).replaceAll("\\\\(.)", "$1") : "";
            PhoneCall call = new PhoneCall(id, called.group(2), number, name, audioOf(called.group(1)));
            join(call);
            synchronized (calls) {
                calls.put(id, call);
            }
            return;
        }
        PhoneCall call;
        Phone phone;
        synchronized (calls) {
            call = calls.get(id);
            phone = dialled.get(id);
        }
        if (call == null) {
            return;
        }
        switch (event) {
            case "UP" -> up(call, phone == null ? phoneOf(call.number()) : phone, audioOf(rest.strip()));
            case "REFUSED" -> ended(call, PhoneCall.State.REFUSED, rest);
            case "CANCELLED" -> ended(call, PhoneCall.State.CANCELLED, rest);
            case "BYE" -> ended(call, PhoneCall.State.HUNG_UP_BY_OTHER, rest);
            case "HUNGUP" -> ended(call, PhoneCall.State.HUNG_UP_HERE, rest);
            default -> complain(event + " of a call");
        }
    }

    /** @param said {@code address:port} as SDP says it; null when it says none */
    private static InetSocketAddress audioOf(String said) {
        int colon = said.lastIndexOf(':');
        return colon <= 0 || colon == said.length() - 1
                ? null
                : new InetSocketAddress(said.substring(0, colon), Integer.parseInt(said.substring(colon + 1)));
    }

    private void up(PhoneCall call, Phone phone, InetSocketAddress switchAudio) {
        call.up(switchAudio);
        join(call);
        for (Phone.Talk talk : phone.talks()) {
            media.later(
                    () -> {
                        call.say(talk.says());
                        call.press(talk.presses());
                    },
                    talk.after().toMillis());
        }
    }

    private void ended(PhoneCall call, PhoneCall.State how, String why) {
        media.leave(call);
        call.ended(how, why);
    }

    private Phone phoneOf(String number) {
        return phones.entrySet().stream()
                .filter(phone ->
                        number.matches(phone.getKey().replace("+", "[+]").replace("*", "[*]")))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(others);
    }

    @Override
    public void close() throws IOException {
        synchronized (sipps) {
            for (Supervised sipp : sipps) {
                sipp.close();
            }
        }
        media.close();
        Asterisk.delete(folder);
    }

    /** Who the subscribers are. */
    public static final class Builder {
        private final Map<String, Phone> phones = new LinkedHashMap<>();
        private Phone others = Phone.refuses(404);
        private boolean audio = true;
        private String address = "127.0.0.1";

        private Builder() {}

        /** Somewhere else than on the loopback. @param address of this machine that the switches reach */
        public Builder at(String address) {
            this.address = address;
            return this;
        }

        /** @param number digits, +, *, # ; a dot stands for any digit. Of several that fit, the first added. */
        public Builder phone(String number, Phone phone) {
            if (!Pattern.matches("[0-9+*#.]+", number)) {
                throw new IllegalArgumentException("'" + number + "' is no number");
            }
            phones.put(number, phone);
            return this;
        }

        /** Any other number; unless said, it does not exist (404). */
        public Builder others(Phone phone) {
            others = phone;
            return this;
        }

        /** For a load: nothing is heard, said or pressed, so that the phones cost the machine next to nothing. */
        public Builder withoutAudio() {
            audio = false;
            return this;
        }

        /** @throws IOException when sipp is missing ({@code apt-get install sip-tester}) or does not start */
        public Phones start() throws IOException, InterruptedException {
            Phones started = new Phones(this);
            boolean well = false;
            try {
                started.take();
                well = true;
                return started;
            } finally {
                if (!well) {
                    started.close();
                }
            }
        }
    }

    private void take() throws IOException, InterruptedException {
        for (int left = 3; left > 0; left--) {
            port = FreePorts.udp();
            sipp(
                    "carrier" + left,
                    Scenario.called(phones, others, media.address()),
                    List.of("-p", Integer.toString(port)));
            if (listens()) {
                return;
            }
        }
        throw new IOException("sipp does not start (apt-get install sip-tester, if it is missing): " + complaints());
    }

    /** True as soon as sipp has its port; false when it ended instead. */
    private boolean listens() throws InterruptedException {
        Supervised sipp = sipps.get(sipps.size() - 1);
        String local = String.format(":%04X ", port);
        while (!sipp.ended(java.time.Duration.ofMillis(20))) {
            try {
                if (Files.readAllLines(Path.of("/proc/net/udp")).stream().anyMatch(line -> line.contains(local))) {
                    return true;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return false;
    }
}
