package io.tocsin.rest.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.AnswerPage;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.persistence.api.DatabaseException;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * The page behind an answer link. GET shows, only POST answers: a mail scanner that opens every link answers nothing.
 * No script, no cookie, no third party; works on any telephone.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/a/*")
public final class AnswerPages extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MAX_FORM_BYTES = 4096;

    private final transient Alerts alerts;

    @Activate
    public AnswerPages(@Reference Alerts alerts) {
        this.alerts = alerts;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(response, () -> alerts.answerPage(token(request))
                .map(page -> new Reply(200, AnswerHtml.question(page)))
                .orElseGet(() -> new Reply(404, AnswerHtml.unknown())));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String choice = choice(request);
        answer(response, () -> {
            Optional<AnswerPage> page = alerts.answerPage(token(request));
            if (page.isEmpty()) {
                return new Reply(404, AnswerHtml.unknown());
            }
            try {
                boolean first = alerts.answer(token(request), choice, request.getRemoteAddr());
                return new Reply(200, AnswerHtml.thanks(page.get(), choice, first));
            } catch (LaunchRefusedException refused) {
                return new Reply(422, AnswerHtml.question(page.get()));
            } catch (NoSuchElementException gone) {
                return new Reply(404, AnswerHtml.unknown());
            }
        });
    }

    private static void answer(HttpServletResponse response, java.util.function.Supplier<Reply> work)
            throws IOException {
        Reply reply;
        try {
            reply = work.get();
        } catch (DatabaseException away) {
            reply = new Reply(503, AnswerHtml.away());
            response.setHeader("Retry-After", "5");
        }
        response.setStatus(reply.status());
        response.setContentType("text/html;charset=utf-8");
        for (Map.Entry<String, String> header : Headers.PAGE.entrySet()) {
            response.setHeader(header.getKey(), header.getValue());
        }
        response.getOutputStream().write(reply.html().getBytes(StandardCharsets.UTF_8));
    }

    private static String token(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path == null || path.length() < 2 ? "" : path.substring(1);
    }

    /** Reads the form ourselves: small, and nothing of the query string counts. */
    private static String choice(HttpServletRequest request) throws IOException {
        String form = new String(request.getInputStream().readNBytes(MAX_FORM_BYTES), StandardCharsets.UTF_8);
        for (String pair : form.split("&")) {
            if (pair.startsWith("answer=")) {
                try {
                    return java.net.URLDecoder.decode(pair.substring("answer=".length()), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException malformed) {
                    return "";
                }
            }
        }
        return "";
    }

    private record Reply(int status, String html) {}
}
