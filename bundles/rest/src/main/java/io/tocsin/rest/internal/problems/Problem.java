package io.tocsin.rest.internal.problems;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * An error as RFC 9457 writes it, with the fields at fault.
 *
 * @param type stable: {@code urn:tocsin:problem:<word>}; documented in docs/operations.md
 * @param errors each field, row or rule, and the cure
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(String type, String title, int status, String detail, List<FieldError> errors) {
    public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

    /** One thing that is wrong. */
    public record FieldError(String field, String problem) {}

    public static Problem of(int status, String word, String title, String detail) {
        return new Problem("urn:tocsin:problem:" + word, title, status, detail, List.of());
    }

    public static Problem refused(String detail, List<FieldError> errors) {
        return new Problem(
                "urn:tocsin:problem:refused", "The request cannot be accepted as it is", 422, detail, errors);
    }

    /** What is not there and what is somebody else's look the same. */
    public static WebApplicationException notFound(String what) {
        return absent(what).exception();
    }

    /** As {@link #notFound}, to be answered rather than thrown. */
    public static Problem absent(String what) {
        return of(404, "not-found", "Not found", what + " does not exist, or is not yours");
    }

    public static WebApplicationException invalid(String field, String problem) {
        return refused(field + ": " + problem, List.of(new FieldError(field, problem)))
                .exception();
    }

    public WebApplicationException exception() {
        return new WebApplicationException(response());
    }

    public Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
