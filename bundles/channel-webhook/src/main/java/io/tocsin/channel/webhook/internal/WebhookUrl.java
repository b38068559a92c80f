package io.tocsin.channel.webhook.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a message goes, taken apart (RFC 3986, RFC 9110 section 4.2): written in one way only, so that what is compared is what is
 * connected to.
 *
 * @param host in lower case, an IPv6 address without its brackets
 * @param path from its slash on, without dot segments
 * @param query with its question mark, or empty
 */
record WebhookUrl(boolean tls, String host, int port, String path, String query) {
    static final int LONGEST = 1000;
    private static final Pattern SAME_LOOKING = Pattern.compile("(?i)%2e|%2f|%5c|%00");

    /** @throws IllegalArgumentException saying what is wrong, without repeating the URL: it may hold a token */
    static WebhookUrl of(String written) {
        if (written.length() > LONGEST) {
            throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
        }
        if (written.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("holds a space or a letter that must be encoded (%20, punycode)");
        }
        URI uri;
        try {
            uri = new URI(written);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http") || uri.getHost() == null) {
            throw new IllegalArgumentException("is no whole URL: write https://host/path");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("has a user or a # part: leave them out");
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("has a port that is none from 1 to 65535");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        if (SAME_LOOKING.matcher(path).find()
                || path.contains("//")
                || !path.equals(
                        uri.normalize().getRawPath().isEmpty()
                                ? "/"
                                : uri.normalize().getRawPath())) {
            throw new IllegalArgumentException("has a path with . or .. or // or an encoded slash: write it straight");
        }
        return new WebhookUrl(tls, host, port, path, uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    /** Whether it is {@code above} itself or lies beneath it: same scheme, host and port, and its path goes on at a slash. */
    boolean isBeneath(WebhookUrl above) {
        return tls == above.tls
                && port == above.port
                && host.equals(above.host)
                && (path.equals(above.path)
                        || path.startsWith(above.path.endsWith("/") ? above.path : above.path + "/"));
    }

    /** The Host header: the port only where it is not the usual one. */
    String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    String origin() {
        return (tls ? "https://" : "http://") + authority();
    }

    /** Without path and query: there may be a token in them. */
    @Override
    public String toString() {
        return origin();
    }
}
