package io.tocsin.channel.publish.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a Mastodon-compatible server's API is.
 *
 * @param host in lower case, an IPv6 address without its brackets
 */
record Server(boolean tls, String host, int port) {

    /** @throws IllegalArgumentException saying what is wrong and what to write */
    static Server of(String written) {
        URI uri;
        try {
            uri = new URI(written);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL: write https://HOST");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (!scheme.equals("https") && !scheme.equals("http")
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || !path.isEmpty() && !path.equals("/")) {
            throw new IllegalArgumentException("is not where a server is: write https://HOST, without a path");
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("has a port that is none from 1 to 65535");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        if (!tls && !host.equals("localhost") && !host.equals("::1") && !host.matches("127\\.\\d+\\.\\d+\\.\\d+")) {
            throw new IllegalArgumentException("is http: write https, a token goes with every post");
        }
        return new Server(tls, host, port);
    }

    /** The Host header: the port only where it is not the usual one. */
    String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }
}
