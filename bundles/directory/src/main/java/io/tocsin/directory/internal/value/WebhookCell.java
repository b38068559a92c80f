package io.tocsin.directory.internal.value;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the URLs of sirens, signage and chat tools (RFC 3986), one or several in a cell, parted by spaces or line ends. Scheme and
 * host are lower-cased, a host with accents is put into its ASCII form (IDNA), the usual port is left out: one receiver is
 * written in one way. Whether a tenant may reach it, its account says when a message is sent. What is wrong is told without the
 * URL: tokens are often part of it.
 */
public final class WebhookCell {
    private static final int MAX_WHOLE = 1000;
    private static final Pattern PARTS =
            Pattern.compile("(?i)(https?)://([^/?#@:\\[\\]]+|\\[[0-9A-Fa-f:.]+])(:[0-9]+)?([/?#].*)?");
    private static final Pattern SAME_LOOKING = Pattern.compile("(?i)%2e|%2f|%5c|%00");

    private WebhookCell() {}

    /** @param cell may be null or blank: no URLs and no problem */
    public static AddressCell read(String cell) {
        String text = CleanText.of(cell == null ? null : cell.replaceAll("[\\r\\n]+", " "));
        if (text.isEmpty()) {
            return AddressCell.EMPTY;
        }
        List<Address> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        for (String written : text.split("\\s+")) {
            try {
                good.add(new Address("webhook", normalise(written), written));
            } catch (IllegalArgumentException e) {
                bad.add("the URL " + e.getMessage());
            }
        }
        return new AddressCell(good, bad);
    }

    private static String normalise(String written) {
        Matcher parts = PARTS.matcher(written);
        if (!parts.matches()) {
            throw new IllegalArgumentException("is not whole: write it as https://host/path, without a user");
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String port = parts.group(3) == null || parts.group(3).equals(scheme.equals("https") ? ":443" : ":80")
                ? ""
                : parts.group(3);
        String rest =
                parts.group(4) == null ? "/" : parts.group(4).startsWith("/") ? parts.group(4) : "/" + parts.group(4);
        String url = scheme + "://" + host(parts.group(2)) + port + rest;
        if (url.length() > MAX_WHOLE) {
            throw new IllegalArgumentException("is longer than " + MAX_WHOLE + " characters");
        }
        if (url.chars().anyMatch(c -> c > '~')) {
            throw new IllegalArgumentException(
                    "has an accented letter after its host: write it encoded, such as %C3%A9");
        }
        check(url);
        return url;
    }

    private static String host(String written) {
        String host = written.toLowerCase(Locale.ROOT);
        if (host.chars().anyMatch(c -> c > '~')) {
            try {
                host = IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("has a host that cannot exist");
            }
        }
        return host;
    }

    private static void check(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("holds a character that cannot stand in a URL");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException("has a host or a port that cannot exist");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("has a # part, which is never sent: leave it out");
        }
        String path = uri.getRawPath();
        if (path.contains("//")
                || SAME_LOOKING.matcher(path).find()
                || !path.equals(uri.normalize().getRawPath())) {
            throw new IllegalArgumentException("has a path with . or .. or // or an encoded slash: write it straight");
        }
    }
}
