package io.tocsin.platform.asterisk.ari;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;

/**
 * How one switch is reached.
 *
 * @param account named in logs and threads
 * @param direction who connects to whom
 * @param host the switch's, or the address to listen on
 * @param port 0 listens on any free one
 * @param application the Stasis application: Asterisk gives it to one connection at a time, the newest
 * @param user of {@code ari.conf}; where Asterisk connects, of {@code websocket_client.conf}
 */
public record AriSettings(
        String account,
        Direction direction,
        String host,
        int port,
        String application,
        boolean subscribeAll,
        String user,
        String password,
        Limits limits) {

    /** Who connects to whom. */
    public enum Direction {
        /** We connect: {@code http.conf} and {@code ari.conf} there. */
        DIAL,
        /** Asterisk 22 connects: {@code websocket_client.conf} there, and {@code type=outbound_websocket} in {@code ari.conf}. */
        LISTEN
    }

    /**
     * @param connect to connect and shake hands
     * @param request from a request to its answer; then its fate is in doubt
     * @param quiet after so long without a byte a ping is sent; after twice as long the link is given up
     * @param firstWait before the second attempt to connect; doubled with each that fails
     * @param longestWait bound of that, and the wait after somebody else took the application
     * @param messageBytes the longest message taken from the switch
     * @param pending requests without an answer; one more is refused, unsent
     */
    public record Limits(
            Duration connect,
            Duration request,
            Duration quiet,
            Duration firstWait,
            Duration longestWait,
            int messageBytes,
            int pending) {
        public static final Limits USUAL = new Limits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(250),
                Duration.ofSeconds(15),
                4 << 20,
                4_096);
    }

    public AriSettings {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(limits, "limits");
    }

    /** Where Asterisk connects to; where we connect to, without what is asked for there. */
    String path() {
        return direction == Direction.DIAL ? "/ari/events" : "/ari";
    }

    String target() {
        return path() + "?app=" + URLEncoder.encode(application, StandardCharsets.UTF_8) + "&subscribeAll="
                + subscribeAll;
    }

    /** In a header, never in the address: addresses stand in the access logs of proxies. */
    String authorization() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "AriSettings[" + account + " " + direction + " " + host + ":" + port + " " + application + "]";
    }
}
