package io.tocsin.routing.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a fax as it is printed: words first, then the pages of the document that stands in it as
 * {@code {{document.SLUG.SHA256}}}.
 *
 * @param cover what stands around the document; blank when nothing does
 * @param document the SHA-256 of the document, hexadecimal
 * @since 1.8
 */
public record PrintedText(Template cover, Optional<String> document) {
    private static final Pattern DOCUMENT = Pattern.compile("document\\.[a-z0-9-]+\\.([0-9a-f]{64})");

    /** Takes the document out of a text as it was frozen; of several the first, and the others stay to be missed. */
    public static PrintedText of(Template text) {
        StringBuilder cover = new StringBuilder();
        Optional<String> document = Optional.empty();
        for (Template.Part part : text.parts()) {
            Matcher named = DOCUMENT.matcher(part.text());
            if (part.place() && document.isEmpty() && named.matches()) {
                document = Optional.of(named.group(1));
            } else {
                cover.append(part.place() ? "{{" + part.text() + "}}" : part.text());
            }
        }
        return document.isEmpty()
                ? new PrintedText(text, document)
                : new PrintedText(new Template(cover.toString().strip()), document);
    }
}
