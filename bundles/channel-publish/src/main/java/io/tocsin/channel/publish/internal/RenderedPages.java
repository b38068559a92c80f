package io.tocsin.channel.publish.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pages ready to be served, kept until a file of theirs changes or an alert of theirs is over: a crowd that looks costs two
 * looks at files each. Only what exists is kept.
 */
final class RenderedPages {
    private final PublicFolder folder;
    private final Clock clock;
    private final Map<Key, Kept> kept = new ConcurrentHashMap<>();

    enum Format {
        HTML("text/html;charset=utf-8"),
        ATOM("application/atom+xml;charset=utf-8"),
        RSS("application/rss+xml;charset=utf-8");

        final String type;

        Format(String type) {
            this.type = type;
        }
    }

    /**
     * @param tag its entity tag, in quotes
     * @param changed to the second
     */
    record Rendered(Format format, byte[] bytes, String tag, Instant changed) {}

    /** @param page empty: the site's index */
    private record Key(String site, String page, Format format) {}

    /** A file as it was; null: there was none. */
    private record Stamp(Instant at, long size, Object key) {}

    /** @param until when it must be made anew, whatever the files say */
    private record Kept(Stamp site, Stamp page, Instant until, Rendered rendered) {}

    RenderedPages(PublicFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** The list of a site's pages. */
    Optional<Rendered> index(String site) throws IOException {
        return get(new Key(site, "", Format.HTML));
    }

    /** Empty if there is none, or it is not served in this format. */
    Optional<Rendered> page(String site, String page, Format format) throws IOException {
        return get(new Key(site, page, format));
    }

    private Optional<Rendered> get(Key key) throws IOException {
        Stamp site = stamp(folder.siteFile(key.site));
        Stamp page = key.page.isEmpty() ? null : stamp(folder.pageFile(key.site, key.page));
        Kept before = kept.get(key);
        Instant now = clock.instant();
        if (before != null
                && Objects.equals(before.site, site)
                && Objects.equals(before.page, page)
                && now.isBefore(before.until)) {
            return Optional.of(before.rendered);
        }
        // looked at before it is read: what changes meanwhile is seen the next time
        Optional<Kept> made = site == null ? Optional.empty() : render(key, site, page, now);
        made.ifPresentOrElse(one -> kept.put(key, one), () -> kept.remove(key));
        return made.map(Kept::rendered);
    }

    private Optional<Kept> render(Key key, Stamp siteStamp, Stamp pageStamp, Instant now) throws IOException {
        Site site = folder.readSite(key.site);
        boolean served = key.format == Format.HTML ? site.html() : site.feeds();
        if (!served || !key.page.isEmpty() && !site.pages().containsKey(key.page)) {
            return Optional.empty();
        }
        if (key.page.isEmpty()) {
            return Optional.of(keep(siteStamp, null, Instant.MAX, key.format, HtmlPage.index(site), siteStamp.at));
        }
        List<Entry> entries = folder.page(key.site, key.page).read();
        Instant over = Instant.MAX;
        Instant changed = pageStamp == null || siteStamp.at.isAfter(pageStamp.at) ? siteStamp.at : pageStamp.at;
        for (Entry entry : entries) {
            Instant past = entry.said().plus(site.currentFor());
            if (past.isAfter(now)) {
                over = past.isBefore(over) ? past : over;
            } else {
                changed = past.isAfter(changed) ? past : changed;
            }
        }
        String text =
                switch (key.format) {
                    case HTML -> HtmlPage.page(site, key.page, entries, now);
                    case ATOM -> Feeds.atom(site, key.page, entries, siteStamp.at.truncatedTo(ChronoUnit.SECONDS));
                    case RSS -> Feeds.rss(site, key.page, entries, siteStamp.at);
                };
        return Optional.of(keep(siteStamp, pageStamp, over, key.format, text, changed));
    }

    private static Kept keep(Stamp site, Stamp page, Instant until, Format format, String text, Instant changed) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Kept(
                site,
                page,
                until,
                new Rendered(format, bytes, "\"" + hash(bytes) + "\"", changed.truncatedTo(ChronoUnit.SECONDS)));
    }

    private static Stamp stamp(Path file) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.lastModifiedTime().toInstant(), now.size(), now.fileKey());
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
