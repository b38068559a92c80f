package io.tocsin.channel.publish.internal;

import static io.tocsin.channel.publish.internal.Markup.escape;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A page for feed readers: Atom (RFC 4287) and RSS 2.0. */
final class Feeds {
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private Feeds() {}

    /** @param since when nothing had been published yet */
    static String atom(Site site, String page, List<Entry> entries, Instant since) {
        Words words = Words.of(site.language());
        String url = site.url(page);
        StringBuilder xml = new StringBuilder(XML)
                .append("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"")
                .append(escape(site.language()))
                .append("\">\n<id>")
                .append(escape(url))
                .append("</id>\n<title>")
                .append(escape(site.pages().get(page)))
                .append("</title>\n<updated>")
                .append(latest(entries, since))
                .append("</updated>\n<author><name>")
                .append(escape(site.title()))
                .append("</name></author>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"")
                .append(escape(url))
                .append("atom.xml\"/>\n");
        if (site.html()) {
            xml.append("<link rel=\"alternate\" type=\"text/html\" href=\"")
                    .append(escape(url))
                    .append("\"/>\n");
        }
        for (Entry entry : entries) {
            xml.append("<entry>\n<id>urn:uuid:")
                    .append(escape(entry.id()))
                    .append("</id>\n<title>")
                    .append(escape(words.headline(entry)))
                    .append("</title>\n<published>")
                    .append(entry.published())
                    .append("</published>\n<updated>")
                    .append(entry.updated())
                    .append("</updated>\n<category term=\"")
                    .append(escape(entry.category()))
                    .append("\" label=\"")
                    .append(escape(words.kind(entry.category())))
                    .append("\"/>\n");
            if (entry.drill()) {
                xml.append("<category term=\"exercise\" label=\"")
                        .append(escape(words.drill))
                        .append("\"/>\n");
            }
            if (site.html()) {
                xml.append("<link rel=\"alternate\" type=\"text/html\" href=\"")
                        .append(escape(link(site, page, entry)))
                        .append("\"/>\n");
            }
            xml.append("<content type=\"text\"");
            if (!entry.language().isEmpty()) {
                xml.append(" xml:lang=\"").append(escape(entry.language())).append("\"");
            }
            xml.append(">").append(escape(text(words, entry))).append("</content>\n</entry>\n");
        }
        return xml.append("</feed>\n").toString();
    }

    /** @param since when nothing had been published yet */
    static String rss(Site site, String page, List<Entry> entries, Instant since) {
        Words words = Words.of(site.language());
        String url = site.url(page);
        StringBuilder xml = new StringBuilder(XML)
                .append("<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n<title>")
                .append(escape(site.pages().get(page)))
                .append("</title>\n<link>")
                .append(escape(url))
                .append("</link>\n<description>")
                .append(escape(site.title()))
                .append("</description>\n<language>")
                .append(escape(site.language()))
                .append("</language>\n<lastBuildDate>")
                .append(date(latest(entries, since)))
                .append("</lastBuildDate>\n<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"")
                .append(escape(url))
                .append("rss.xml\"/>\n");
        for (Entry entry : entries) {
            xml.append("<item>\n<title>").append(escape(words.headline(entry))).append("</title>\n");
            if (site.html()) {
                xml.append("<link>").append(escape(link(site, page, entry))).append("</link>\n");
            }
            // A reader takes a description for HTML: the text is escaped for it, and then for XML.
            xml.append("<guid isPermaLink=\"false\">urn:uuid:")
                    .append(escape(entry.id()))
                    .append("</guid>\n<pubDate>")
                    .append(date(entry.updated()))
                    .append("</pubDate>\n<category>")
                    .append(escape(words.kind(entry.category())))
                    .append("</category>\n<description>")
                    .append(escape(escape(text(words, entry)).replace("\n", "<br>")))
                    .append("</description>\n</item>\n");
        }
        return xml.append("</channel>\n</rss>\n").toString();
    }

    /** A feed reader may show the text without its title. */
    private static String text(Words words, Entry entry) {
        return entry.drill() ? words.drill + "\n" + entry.text() : entry.text();
    }

    private static String link(Site site, String page, Entry entry) {
        return site.url(page) + "#a-" + entry.id();
    }

    private static Instant latest(List<Entry> entries, Instant since) {
        return entries.stream().map(Entry::updated).max(Instant::compareTo).orElse(since);
    }

    private static String date(Instant at) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }
}
