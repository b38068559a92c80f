package io.tocsin.rest.internal;

import java.util.Map;

/** What every page of ours tells the browser. */
final class Headers {
    private Headers() {}

    static final Map<String, String> PAGE = Map.of(
            "Cache-Control", "no-store",
            "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "X-Robots-Tag", "noindex, nofollow");

    /** What every answer that is no page tells it. */
    static final Map<String, String> DATA = Map.of(
            "Cache-Control", "no-store",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff");
}
