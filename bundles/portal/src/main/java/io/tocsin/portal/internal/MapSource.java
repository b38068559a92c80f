package io.tocsin.portal.internal;

import io.tocsin.portal.internal.StoredFile.Coding;
import io.tocsin.portal.internal.StoredFile.Variant;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the maps of the screens take their tiles from, as the operator says: a file for the page, and the one origin that its
 * policy opens for it.
 *
 * @param origin of another host, as a source expression of CSP 3; empty if there is none
 * @param file what the page reads
 */
record MapSource(String origin, StoredFile file) {
    static final String NAME = "map.json";

    private static final Logger LOG = LoggerFactory.getLogger(MapSource.class);
    private static final int MOST_ATTRIBUTION = 300;

    /** A host by its name or number and a path; nothing that would end or widen a directive of the policy. */
    private static final Pattern TEMPLATE = Pattern.compile(
            "(?<origin>https?://(?:[a-z0-9][a-z0-9.-]*|\\[[0-9a-f:]+])(?::[0-9]{1,5})?)?/[\\w./{}?&=%~@-]*");

    static MapSource of(PortalSettings settings) {
        String tiles = settings.map_tiles().strip();
        if (tiles.isEmpty()) {
            return new MapSource("", json("{}"));
        }
        Matcher template = TEMPLATE.matcher(tiles);
        String problem = !template.matches()
                ? "is no address of tiles"
                : !tiles.contains("{z}") || !tiles.contains("{x}") || !tiles.contains("{y}")
                        ? "lacks a place for {z}, {x} or {y}"
                        : settings.map_max_zoom() < 0 || settings.map_max_zoom() > 22
                                ? "has tiles up to zoom " + settings.map_max_zoom() + ", and that is 0 to 22"
                                : "";
        if (!problem.isEmpty()) {
            // It may hold somebody's key: what is wrong is said, not what it is.
            LOG.warn(
                    "portal.map-refused problem={} cure=\"write https://HOST/PATH/{z}/{x}/{y}.png; maps have no tiles until then\"",
                    problem);
            return new MapSource("", json("{}"));
        }
        String attribution = settings.map_attribution().strip();
        return new MapSource(
                template.group("origin") == null ? "" : template.group("origin"),
                json("{\"tiles\":" + quoted(tiles) + ",\"attribution\":"
                        + quoted(attribution.substring(0, Math.min(MOST_ATTRIBUTION, attribution.length())))
                        + ",\"maxZoom\":" + settings.map_max_zoom() + "}"));
    }

    private static StoredFile json(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new StoredFile(
                StoredFile.contentType(NAME).orElseThrow(),
                Map.of(Coding.IDENTITY, Variant.of(Coding.IDENTITY, bytes)));
    }

    /** RFC 8259 section 7. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
