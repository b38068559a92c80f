package io.tocsin.channel.publish.internal;

import static io.tocsin.channel.publish.internal.Markup.escape;
import static io.tocsin.channel.publish.internal.Markup.spoken;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A page people read: what is current first, then what is past. No script, nothing from elsewhere, no reloading by itself (WCAG
 * 2.2, 3.2.5); readable without its style.
 */
final class HtmlPage {
    private static final String STYLE =
            """
            :root{color-scheme:light dark}
            body{font:1.125rem/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}
            main{max-width:40rem;margin:0 auto;padding:1.5rem}
            h1{font-size:1.6rem;line-height:1.25}
            h2{font-size:1.2rem;margin-block-start:2rem}
            h3{font-size:1.25rem;line-height:1.3;margin:.2rem 0}
            article{border-inline-start:.4rem solid #64748b;padding:.25rem 1rem;margin-block:1rem}
            article.life-safety{border-color:#c2410c}
            .drill{background:#5b2d8e;color:#fff;padding:.6rem 1rem;font-weight:700;margin:.25rem 0}
            .kind,.when{margin:0;font-size:1rem}
            .kind{font-weight:600}
            .text{white-space:pre-line;overflow-wrap:anywhere}
            a{color:LinkText}
            """;

    /** For the page's Content-Security-Policy: no other style counts. */
    static final String STYLE_HASH = "sha256-" + hash(STYLE);

    private HtmlPage() {}

    static String page(Site site, String page, List<Entry> entries, Instant now) {
        Words words = Words.of(site.language());
        String title = site.pages().get(page);
        List<Entry> current = entries.stream()
                .filter(entry -> entry.said().plus(site.currentFor()).isAfter(now))
                .toList();
        List<Entry> past =
                entries.stream().filter(entry -> !current.contains(entry)).toList();
        StringBuilder html = head(words, site, title);
        if (site.feeds()) {
            html.append("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Atom\" href=\"atom.xml\">")
                    .append("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"RSS\" href=\"rss.xml\">");
        }
        body(html, site, title);
        if (current.isEmpty()) {
            html.append("<p>").append(words.none).append("</p>");
        } else {
            articles(html, words, site, words.current, current);
        }
        if (!past.isEmpty()) {
            articles(html, words, site, words.past, past);
        }
        if (site.feeds()) {
            html.append("<p>")
                    .append(words.feeds)
                    .append("<a href=\"atom.xml\">Atom</a>, <a href=\"rss.xml\">RSS</a></p>");
        }
        return html.append("</main></body></html>\n").toString();
    }

    /** The pages of a site. */
    static String index(Site site) {
        StringBuilder html = head(Words.of(site.language()), site, site.title());
        body(html, site, site.title());
        html.append("<ul>");
        for (Map.Entry<String, String> page : site.pages().entrySet()) {
            html.append("<li><a href=\"")
                    .append(page.getKey())
                    .append("/\"")
                    .append(spoken(site.language()))
                    .append(">")
                    .append(escape(page.getValue()))
                    .append("</a></li>");
        }
        return html.append("</ul></main></body></html>\n").toString();
    }

    private static StringBuilder head(Words words, Site site, String title) {
        return new StringBuilder("<!doctype html>\n<html")
                .append(spoken(words.language()))
                .append("><head><meta charset=\"utf-8\"><meta name=\"viewport\"")
                .append(" content=\"width=device-width,initial-scale=1\"><title>")
                .append(escape(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style>");
    }

    private static void body(StringBuilder html, Site site, String title) {
        html.append("</head><body><main><h1")
                .append(spoken(site.language()))
                .append(">")
                .append(escape(title))
                .append("</h1>");
    }

    private static void articles(StringBuilder html, Words words, Site site, String heading, List<Entry> entries) {
        html.append("<h2>").append(heading).append("</h2>");
        for (Entry entry : entries) {
            String language = entry.language().isEmpty() ? site.language() : entry.language();
            html.append("<article id=\"a-")
                    .append(escape(entry.id()))
                    .append("\" class=\"")
                    .append(escape(entry.category()))
                    .append("\" aria-labelledby=\"t-")
                    .append(escape(entry.id()))
                    .append("\">");
            if (entry.drill()) {
                html.append("<p class=\"drill\">").append(words.drill).append("</p>");
            }
            html.append("<p class=\"kind\">")
                    .append(words.kind(entry.category()))
                    .append("</p><h3 id=\"t-")
                    .append(escape(entry.id()))
                    .append("\"")
                    .append(spoken(language))
                    .append(">")
                    .append(escape(words.headline(entry)))
                    .append("</h3><p class=\"text\"")
                    .append(spoken(language))
                    .append(">")
                    .append(escape(entry.text()))
                    .append("</p><p class=\"when\">");
            when(html, words.published, words, site, entry.published());
            entry.corrected().ifPresent(at -> when(html.append(" "), words.corrected, words, site, at));
            html.append("</p></article>");
        }
    }

    private static void when(StringBuilder html, String what, Words words, Site site, Instant at) {
        html.append(what)
                .append("<time datetime=\"")
                .append(at)
                .append("\">")
                .append(escape(words.time(at, site.zone())))
                .append("</time>.");
    }

    private static String hash(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
