package io.tocsin.portal.internal;

import io.tocsin.portal.internal.StoredFile.Coding;
import io.tocsin.portal.internal.StoredFile.Variant;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * Serves the screens at {@code /}. An address of a screen is answered with the page that draws it; what looks like a file and
 * is none, and what is another door's, is not found. Holds no data: the screens ask the API, like anybody else.
 */
// Two patterns written out, for an empty text of the annotation is left out of the component's description: "" is
// exactly
// the root, "/" whatever no other servlet answers.
@Component(
        service = Servlet.class,
        configurationPid = "io.tocsin.portal",
        property = {
            HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN + "=",
            HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN + "=/"
        })
@Designate(ocd = PortalSettings.class)
public final class Portal extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Doors of the node, whether they are open just now or not. */
    private static final Set<String> OTHER_DOORS = Set.of("a", "api", "assets", "health", "metrics", "public");

    private static final String API = "api/v1";

    /** Nothing from elsewhere but tiles of maps, if the operator names a source; nothing inline, in nobody's frame. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:%1$s; font-src 'self';"
                    + " connect-src 'self'%1$s; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Map<String, String> SAFE = Map.of(
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy",
                    "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "X-Robots-Tag", "noindex, nofollow");

    private final transient PortalFiles files;
    private final transient MapSource map;
    private final String policy;

    @Activate
    public Portal(BundleContext bundle, PortalSettings settings) throws IOException {
        this(PortalFiles.of(bundle.getBundle()), MapSource.of(settings));
    }

    Portal(PortalFiles files, MapSource map) {
        this.files = files;
        this.map = map;
        this.policy = POLICY.formatted(map.origin().isEmpty() ? "" : " " + map.origin());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SAFE.forEach(response::setHeader);
        response.setHeader("Content-Security-Policy", policy);
        String path = path(request);
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET") && !path.startsWith(API)) {
            response.setHeader("Allow", "GET, HEAD");
            refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "This is a page: it is read with GET.", head);
            return;
        }
        Optional<StoredFile> file = path.isEmpty() ? Optional.of(files.index()) : find(path);
        if (file.isPresent()) {
            send(file.get(), path, request, response, head);
        } else if (isScreen(path, request.getHeader("Accept"))) {
            send(files.index(), PortalFiles.INDEX, request, response, head);
        } else if (path.equals(API) || path.startsWith(API + "/")) {
            // Its own servlet would have answered, were it there: the node is starting, or being updated.
            response.setHeader("Retry-After", "2");
            refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "The API is not open yet.", head);
        } else {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, "There is nothing here.", head);
        }
    }

    private Optional<StoredFile> find(String path) {
        return path.equals(MapSource.NAME) ? Optional.of(map.file()) : files.find(path);
    }

    /** As the container decoded and normalised it, without the leading slash. */
    private static String path(HttpServletRequest request) {
        String path = Optional.ofNullable(request.getServletPath()).orElse("")
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        return path.startsWith("/") ? path.substring(1) : path;
    }

    /** Whether a browser asks for a page, at an address the screens may know; they say so themselves when they do not. */
    private static boolean isScreen(String path, String accept) {
        String door = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        return !OTHER_DOORS.contains(door) && !path.contains(".") && accept != null && accept.contains("text/html");
    }

    private static void send(
            StoredFile file, String path, HttpServletRequest request, HttpServletResponse response, boolean head)
            throws IOException {
        Variant variant = file.accepted(request.getHeader("Accept-Encoding"));
        response.setHeader("Cache-Control", caching(path));
        response.setHeader("ETag", variant.tag());
        response.setHeader("Vary", "Accept-Encoding");
        if (StoredFile.isKnown(request.getHeader("If-None-Match"), variant)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        if (variant.coding() != Coding.IDENTITY) {
            response.setHeader("Content-Encoding", variant.coding().token);
        }
        response.setContentType(file.contentType());
        response.setContentLength(variant.bytes().length);
        if (!head) {
            response.getOutputStream().write(variant.bytes());
        }
    }

    /** A file under assets/ carries its hash in its name; the page that names them is asked for each time. */
    private static String caching(String path) {
        return path.startsWith("assets/")
                ? "public, max-age=31536000, immutable"
                : path.isEmpty() || path.equals(PortalFiles.INDEX) || path.equals(MapSource.NAME)
                        ? "no-cache"
                        : "public, max-age=3600";
    }

    private static void refuse(HttpServletResponse response, int status, String why, boolean head) throws IOException {
        byte[] text = (why + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=utf-8");
        response.setContentLength(text.length);
        if (!head) {
            response.getOutputStream().write(text);
        }
    }
}
