package io.tocsin.channel.publish.internal;

/** Text as it stands in HTML and XML. What neither can hold was left out before ({@link Drafts#clean}). */
final class Markup {
    private Markup() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** The attributes of an HTML element whose text is in a language; empty: nobody knows which. */
    static String spoken(String language) {
        return language.isEmpty()
                ? " dir=\"auto\""
                : " lang=\"" + escape(language) + "\" dir=\"" + (Words.rightToLeft(language) ? "rtl" : "ltr") + "\"";
    }
}
