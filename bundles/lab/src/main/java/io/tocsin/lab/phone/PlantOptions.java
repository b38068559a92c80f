package io.tocsin.lab.phone;

import io.tocsin.lab.people.PhoneHabits;
import io.tocsin.lab.people.PhonePeople;
import io.tocsin.lab.people.SeededCallees;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the simulated telephone plant behaves. Built with {@link #builder()}; can be replaced while it runs, but for the port and
 * the number of lines.
 *
 * @param port where ARI is asked for, 0 for a free one
 * @param amiPort of the manager interface, 0 for a free one; empty: there is none
 * @param user of {@code ari.conf}, and of {@code manager.conf}
 * @param password theirs
 * @param trunks names that stand behind the {@code @} of an endpoint; empty: any
 * @param inbound the application that takes calls of people who call back; empty: the one whose call they missed
 * @param lines calls out at once; one more is told congestion
 * @param failingLines how many of them fail every call that gets one
 * @param maxPerSecond calls begun in a second before the carrier says congestion; 0 for no limit
 * @param talkScale what the length of sounds, greetings, speech and talk is multiplied with: 1 is real time
 * @param mute takes requests and answers none, and tells no event: a switch that hangs
 * @param people who picks up
 * @param faxes who, or what, picks up where a fax is sent: who presses keys is a fax machine
 * @param record keeps every call, not only counts
 */
public record PlantOptions(
        int port,
        OptionalInt amiPort,
        String user,
        String password,
        Set<String> trunks,
        Optional<String> inbound,
        int lines,
        int failingLines,
        int maxPerSecond,
        double talkScale,
        boolean mute,
        PhonePeople people,
        PhonePeople faxes,
        boolean record) {

    public PlantOptions {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(people, "people");
        Objects.requireNonNull(faxes, "faxes");
        Objects.requireNonNull(inbound, "inbound");
        trunks = Set.copyOf(trunks);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " is none; write 0 for a free one");
        }
        if (lines < 1 || failingLines < 0 || failingLines > lines) {
            throw new IllegalArgumentException(
                    "lines: at least one, of which some fail: not " + failingLines + " of " + lines);
        }
        if (maxPerSecond < 0) {
            throw new IllegalArgumentException("max-per-second: " + maxPerSecond + " is under 0, which is no limit");
        }
        if (!(talkScale >= 0 && talkScale <= 10)) {
            throw new IllegalArgumentException("talk-scale: between 0 and 10, not " + talkScale);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.port = port;
        b.amiPort = amiPort;
        b.user = user;
        b.password = password;
        b.trunks = trunks;
        b.inbound = inbound;
        b.lines = lines;
        b.failingLines = failingLines;
        b.maxPerSecond = maxPerSecond;
        b.talkScale = talkScale;
        b.mute = mute;
        b.people = people;
        b.faxes = faxes;
        b.record = record;
        return b;
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "PlantOptions[" + user + ", port " + port + ", " + lines + " lines]";
    }

    /** Starts as a plant of a thousand lines, in real time, with people who pick up, listen and press 1. */
    public static final class Builder {
        private int port;
        private OptionalInt amiPort = OptionalInt.empty();
        private String user = "tocsin";
        private String password = "tocsin";
        private Set<String> trunks = Set.of();
        private Optional<String> inbound = Optional.empty();
        private int lines = 1_000;
        private int failingLines;
        private int maxPerSecond;
        private double talkScale = 1;
        private boolean mute;
        private PhonePeople people = new SeededCallees(PhoneHabits.builder().build(), 1);
        private PhonePeople faxes = people;
        private boolean record = true;

        private Builder() {}

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder amiPort(int value) {
            amiPort = OptionalInt.of(value);
            return this;
        }

        public Builder account(String name, String secret) {
            user = name;
            password = secret;
            return this;
        }

        public Builder trunks(Set<String> value) {
            trunks = value;
            return this;
        }

        public Builder inbound(String value) {
            inbound = Optional.of(value);
            return this;
        }

        public Builder lines(int value) {
            lines = value;
            return this;
        }

        public Builder failingLines(int value) {
            failingLines = value;
            return this;
        }

        public Builder maxPerSecond(int value) {
            maxPerSecond = value;
            return this;
        }

        public Builder talkScale(double value) {
            talkScale = value;
            return this;
        }

        public Builder mute(boolean value) {
            mute = value;
            return this;
        }

        public Builder people(PhonePeople value) {
            people = value;
            return this;
        }

        public Builder people(PhoneHabits habits, long seed) {
            return people(new SeededCallees(habits, seed));
        }

        public Builder faxes(PhonePeople value) {
            faxes = value;
            return this;
        }

        public Builder record(boolean value) {
            record = value;
            return this;
        }

        public PlantOptions build() {
            return new PlantOptions(
                    port,
                    amiPort,
                    user,
                    password,
                    trunks,
                    inbound,
                    lines,
                    failingLines,
                    maxPerSecond,
                    talkScale,
                    mute,
                    people,
                    faxes,
                    record);
        }
    }
}
