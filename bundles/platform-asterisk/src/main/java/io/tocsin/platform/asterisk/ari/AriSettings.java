package io.tocsin.platform.asterisk.ari;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * How one switch is reached.
 *
 * @param account named in logs and threads
 * @param direction who connects to whom
 * @param host the switch's, or the address to listen on
 * @param port 0 listens on any free one
 * @param application the Stasis application of the calls begun here: Asterisk gives it to one connection at a time, the newest
 * @param inbound another one, of calls that come in, which another connection may have instead without harm to this one
 * @param user of {@code ari.conf}; where Asterisk connects, of {@code websocket_client.conf}
 */
public record AriSettings(
        String account,
        Direction direction,
        String host,
        int port,
        String application,
        Optional<String> inbound,
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
        Objects.requireNonNull(inbound, "inbound");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(limits, "limits");
    }

    /** Without calls that come in under a name of their own. */
    public AriSettings(
            String account,
            Direction direction,
            String host,
            int port,
            String application,
            boolean subscribeAll,
            String user,
            String password,
            Limits limits) {
        this(account, direction, host, port, application, Optional.empty(), subscribeAll, user, password, limits);
    }

    /** Where Asterisk connects to; where we connect to, without what is asked for there. */
    String path() {
        return direction == Direction.DIAL ? "/ari/events" : "/ari";
    }

    String target() {
        String applications = application + inbound.map(name -> "," + name).orElse("");
        return path() + "?app=" + URLEncoder.encode(applications, StandardCharsets.UTF_8) + "&subscribeAll="
                + subscribeAll;
    }

    /** In a header, never in the address: addresses stand in the access logs of proxies. */
    String authorization() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a file of the switch's, by HTTP. Blocks, within the limits of connecting and of a request. */
    byte[] fetch(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) new URL("http", host, port, "/ari/" + path).openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) limits.connect().toMillis());
        connection.setReadTimeout((int) limits.request().toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Authorization", authorization());
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("the switch answers " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                byte[] content = in.readNBytes(limits.messageBytes() + 1);
                if (content.length > limits.messageBytes()) {
                    throw new IOException("larger than " + limits.messageBytes() + " bytes");
                }
                return content;
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "AriSettings[" + account + " " + direction + " " + host + ":" + port + " " + application + "]";
    }
}
