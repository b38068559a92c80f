package io.tocsin.rest.internal;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/** The page at {@code /}: says what answers here and where its doors are. Tells nothing about tenants or versions. */
// Written out, for an empty text of the annotation is left out of the component's description, and the servlet with it.
@Component(service = Servlet.class, property = HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN + "=")
public final class FrontPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final byte[] PAGE =
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1"><title>Tocsin</title>
            <style>:root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;
            padding:0 1.5rem}code{font-size:.95em}</style></head><body><main><h1>Tocsin</h1>
            <p>A Tocsin node answers here.</p>
            <ul><li><a href="/health/ready">Is it ready?</a></li>
            <li><a href="/api/v1/openapi.json">The API and its description</a>: sign in with <code>POST /api/v1/sessions</code></li>
            <li><a href="/metrics">Metrics</a></li></ul></main></body></html>
            """
                    .getBytes(StandardCharsets.UTF_8);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Headers.PAGE.forEach(response::setHeader);
        response.setContentType("text/html;charset=utf-8");
        response.getOutputStream().write(PAGE);
    }
}
