package io.tocsin.portal.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One file of the portal, with the twins the build compressed.
 *
 * @param twins what the file is in each coding it exists in, {@link Coding#IDENTITY} always
 */
record StoredFile(String contentType, Map<Coding, Variant> twins) {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html;charset=utf-8"),
            Map.entry("js", "text/javascript;charset=utf-8"),
            Map.entry("mjs", "text/javascript;charset=utf-8"),
            Map.entry("css", "text/css;charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("md", "text/plain;charset=utf-8"),
            Map.entry("txt", "text/plain;charset=utf-8"));

    /** Content codings in the order we prefer them (RFC 9110 section 8.4.1, RFC 7932). */
    enum Coding {
        BROTLI("br", ".br"),
        GZIP("gzip", ".gz"),
        IDENTITY("identity", "");

        final String token;
        final String suffix;

        Coding(String token, String suffix) {
            this.token = token;
            this.suffix = suffix;
        }
    }

    /** @param tag a strong validator, quoted: each coding has its own (RFC 9110 section 8.8.3) */
    record Variant(Coding coding, byte[] bytes, String tag) {
        static Variant of(Coding coding, byte[] bytes) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
                return new Variant(coding, bytes, '"' + HexFormat.of().formatHex(hash, 0, 12) + '"');
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no SHA-256", e);
            }
        }
    }

    /** @return empty for a kind of file the portal is not made of: it is not served */
    static Optional<String> contentType(String name) {
        return Optional.ofNullable(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    }

    /** What to send to a browser that accepts these codings: the first of ours that it takes. */
    Variant accepted(String acceptEncoding) {
        return Arrays.stream(Coding.values())
                .filter(twins::containsKey)
                .filter(coding -> coding == Coding.IDENTITY || takes(acceptEncoding, coding))
                .findFirst()
                .map(twins::get)
                .orElseThrow();
    }

    /** RFC 9110 section 12.5.3; a coding with a weight of nought is refused, what cannot be read is not accepted. */
    private static boolean takes(String acceptEncoding, Coding coding) {
        if (acceptEncoding == null) {
            return false;
        }
        return Arrays.stream(acceptEncoding.toLowerCase(Locale.ROOT).split(","))
                .map(item -> item.replaceAll("\\s", ""))
                .anyMatch(item -> item.equals(coding.token)
                        || item.startsWith(coding.token + ";q=") && !item.matches(".*;q=0(\\.0{0,3})?"));
    }

    /** Whether the browser has this already (RFC 9110 section 13.1.2: compared weakly). */
    static boolean isKnown(String ifNoneMatch, Variant variant) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag -> tag.equals("*") || tag.equals(variant.tag()));
    }
}
