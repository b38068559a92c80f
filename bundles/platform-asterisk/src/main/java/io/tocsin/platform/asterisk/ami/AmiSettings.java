package io.tocsin.platform.asterisk.ami;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How the manager interface of one switch is reached. The password itself never travels: it answers a challenge (MD5).
 *
 * @param account named in logs and threads; two consoles of one account and purpose are told apart by nothing else
 * @param purpose what the console is for, in a word: {@code fax}
 * @param user of {@code manager.conf}
 * @param events classes of events wanted, such as {@code call,dialplan}; empty: none
 * @param only of those, only events one of these lets pass; empty: all. A busy switch tells thousands of events a second
 */
public record AmiSettings(
        String account,
        String purpose,
        String host,
        int port,
        String user,
        String password,
        String events,
        List<Filter> only,
        Limits limits) {

    /**
     * Which events pass, in the words of {@code manager.conf} of Asterisk 22.
     *
     * @param criteria such as {@code action(include),header(Uniqueid),method(starts_with)}; an older Asterisk passes over them
     * @param value such as {@code fax-}; an older Asterisk takes it for a regular expression, to be found anywhere in an event
     */
    public record Filter(String criteria, String value) {
        public Filter {
            Objects.requireNonNull(criteria, "criteria");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * @param connect to connect
     * @param request from an action to its answer, lists to their end; then its fate is in doubt
     * @param quiet after so long without a byte a ping is sent; after twice as long the link is given up
     * @param firstWait before the second attempt to connect; doubled with each that fails
     * @param longestWait bound of that
     * @param messageBytes the longest message taken from the switch
     * @param pending actions without an answer; one more is refused, unsent
     * @param listed the longest list taken
     */
    public record Limits(
            Duration connect,
            Duration request,
            Duration quiet,
            Duration firstWait,
            Duration longestWait,
            int messageBytes,
            int pending,
            int listed) {
        public static final Limits USUAL = new Limits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(250),
                Duration.ofSeconds(15),
                256 << 10,
                1_024,
                50_000);
    }

    public AmiSettings {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(purpose, "purpose");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(events, "events");
        only = List.copyOf(only);
        Objects.requireNonNull(limits, "limits");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "AmiSettings[" + account + " " + purpose + " " + host + ":" + port + "]";
    }
}
