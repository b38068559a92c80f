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
 * @param code what a client chooses its own words by; of what the container refused, {@code http}
 * @param errors each field, row or rule, and the cure
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(String type, ProblemCode code, String title, int status, String detail, List<FieldError> errors) {
    private static final String TYPE = "urn:tocsin:problem:";
    public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

    /** One thing that is wrong. */
    public record FieldError(String field, String problem) {}

    public static Problem of(ProblemCode code, String title, String detail) {
        return of(code, title, detail, List.of());
    }

    static Problem of(ProblemCode code, String title, String detail, List<FieldError> errors) {
        return new Problem(TYPE + code.word(), code, title, code.status(), detail, errors);
    }

    /** What the container said, by its status. */
    static Problem http(int status, String title, String detail) {
        return new Problem(TYPE + "http-" + status, ProblemCode.HTTP, title, status, detail, List.of());
    }

    public static Problem refused(String detail, List<FieldError> errors) {
        return of(ProblemCode.REFUSED, "The request cannot be accepted as it is", detail, errors);
    }

    /** What is not there and what is somebody else's look the same. */
    public static WebApplicationException notFound(String what) {
        return absent(what).exception();
    }

    /** As {@link #notFound}, to be answered rather than thrown. */
    public static Problem absent(String what) {
        return of(ProblemCode.NOT_FOUND, "Not found", what + " does not exist, or is not yours");
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
