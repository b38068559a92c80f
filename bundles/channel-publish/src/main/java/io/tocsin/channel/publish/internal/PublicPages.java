package io.tocsin.channel.publish.internal;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what was published, to anybody: {@code /public/SITE/PAGE/}, with {@code atom.xml} and {@code rss.xml} beneath it, and
 * {@code /public/SITE/}. Cacheable (RFC 9111) with validators (RFC 9110 section 13). Asks neither the database nor a channel:
 * what there is, is in the folder.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern(PublicPages.ROOT + "/*")
public final class PublicPages extends HttpServlet {
    static final String ROOT = "/public";
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(PublicPages.class);
    /** How long anybody may show what was fetched without asking again, in seconds. */
    private static final int FRESH = 15;

    private static final Pattern PATH =
            Pattern.compile("/([a-z][a-z0-9-]{0,39})(/|/([a-z][a-z0-9-]{0,39})(/|/(atom|rss)\\.xml)?)?");

    private final transient RenderedPages pages;

    @Activate
    public PublicPages(@Reference PublicFolder folder) {
        this(folder, Clock.systemUTC());
    }

    PublicPages(PublicFolder folder, Clock clock) {
        this.pages = new RenderedPages(folder, clock);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src '" + HtmlPage.STYLE_HASH
                        + "'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
        String path = Optional.ofNullable(request.getPathInfo()).orElse("");
        Matcher asked = PATH.matcher(path);
        if (!asked.matches()) {
            plain(response, HttpServletResponse.SC_NOT_FOUND, "There is no such page.");
            return;
        }
        try {
            Optional<RenderedPages.Rendered> page = asked.group(3) == null
                    ? pages.index(asked.group(1))
                    : pages.page(asked.group(1), asked.group(3), format(asked.group(5)));
            if (page.isEmpty()) {
                plain(response, HttpServletResponse.SC_NOT_FOUND, "There is no such page.");
            } else if (!path.endsWith("/") && !path.endsWith(".xml")) {
                response.setHeader("Location", path.substring(path.lastIndexOf('/') + 1) + "/");
                plain(response, HttpServletResponse.SC_MOVED_PERMANENTLY, "This page ends with a slash.");
            } else {
                answer(request, response, page.get());
            }
        } catch (IOException unreadable) {
            LOG.warn(
                    "publish.page-unreadable site={} problem=\"{}\"",
                    asked.group(1),
                    unreadable.getClass().getSimpleName());
            response.setHeader("Retry-After", "5");
            plain(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "This page cannot be shown just now.");
        }
    }

    private static RenderedPages.Format format(String written) {
        return written == null
                ? RenderedPages.Format.HTML
                : written.equals("atom") ? RenderedPages.Format.ATOM : RenderedPages.Format.RSS;
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, RenderedPages.Rendered page)
            throws IOException {
        response.setHeader("Cache-Control", "public, max-age=" + FRESH);
        response.setHeader("ETag", page.tag());
        response.setHeader(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(page.changed().atOffset(ZoneOffset.UTC)));
        if (page.format() != RenderedPages.Format.HTML) {
            response.setHeader("Access-Control-Allow-Origin", "*"); // a town's own site may show the feed
        }
        if (isKnown(request, page)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(page.format().type);
        response.setContentLength(page.bytes().length);
        response.getOutputStream().write(page.bytes());
    }

    /** RFC 9110 section 13.2.2: the tag counts alone where there is one. */
    private static boolean isKnown(HttpServletRequest request, RenderedPages.Rendered page) {
        String tags = request.getHeader("If-None-Match");
        if (tags != null) {
            return Arrays.stream(tags.split(","))
                    .map(tag -> tag.strip().replaceFirst("^W/", ""))
                    .anyMatch(tag -> tag.equals("*") || tag.equals(page.tag()));
        }
        String since = request.getHeader("If-Modified-Since");
        return since != null
                && date(since).map(at -> !page.changed().isAfter(at)).orElse(false);
    }

    private static Optional<Instant> date(String written) {
        try {
            return Optional.of(ZonedDateTime.parse(written.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static void plain(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println(text);
    }
}
