package io.tocsin.rest.internal.problems;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.tocsin.alerting.api.Documents.DocumentException;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.rest.internal.problems.Problem.FieldError;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.SpeechException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.EOFException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a door throws into a problem the caller can act on. What is our own fault is logged with an id, never shown. */
public final class Problems implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** SQLSTATE disk_full. */
    private static final String DISK_FULL = "53100";

    /** SQLSTATE read_only_sql_transaction. */
    private static final String READ_ONLY = "25006";

    /** SQLSTATE sqlclient_unable_to_establish_sqlconnection; also what a pool without a connection to give says. */
    private static final String NOT_CONNECTED = "08001";

    private static final Pattern QUOTA = Pattern.compile("quotas\\.([a-z-]+)");
    private static final Pattern FIRST = Pattern.compile("([a-z][a-z_-]*)((?:[.\\[].*)?)");

    /** The reader quotes what it stumbles over, which may be half a secret. */
    private static final Pattern UNQUOTED = Pattern.compile("^(Unrecognized token) '.*'(?=:)", Pattern.DOTALL);

    private static final Pattern WORD = Pattern.compile("[-_]([a-z])");

    @Override
    public Response toResponse(Throwable failure) {
        return problem(failure);
    }

    private static Response problem(Throwable failure) {
        if (failure instanceof WebApplicationException web) {
            return ofHttp(web);
        }
        if (failure instanceof RefusedException refused) {
            return Problem.refused(
                            refused.problems().stream()
                                    .map(p -> asWritten(p.field()) + ": " + p.problem())
                                    .collect(Collectors.joining("; ")),
                            refused.problems().stream()
                                    .map(p -> new FieldError(asWritten(p.field()), p.problem()))
                                    .toList())
                    .response();
        }
        if (failure instanceof LaunchRefusedException refused) {
            return Problem.refused(
                            refused.getMessage(),
                            refused.problems().stream()
                                    .map(p -> new FieldError(p.field(), p.problem()))
                                    .toList())
                    .response();
        }
        if (failure instanceof SpeechException speech) {
            return ofSpeech(speech);
        }
        if (failure instanceof RecordingException recording) {
            return ofRecording(recording);
        }
        if (failure instanceof DocumentException document) {
            return ofDocument(document);
        }
        if (failure instanceof StaleRecordException stale) {
            return Problem.of(ProblemCode.STALE, "Changed by someone else", stale.getMessage())
                    .response();
        }
        if (failure instanceof NoSuchElementException) {
            return Problem.of(ProblemCode.NOT_FOUND, "Not found", "It does not exist, or is not yours")
                    .response();
        }
        if (failure instanceof JacksonException malformed) {
            return ofJson(malformed);
        }
        if (failure instanceof DatabaseException database && database.transientFailure()) {
            LOG.warn("door.database-unavailable state={}", database.sqlState());
            return Response.fromResponse(unavailable(database).response())
                    .header("Retry-After", "5")
                    .build();
        }
        if (clientLeft(failure)) {
            LOG.debug("door.client-left", failure);
            return Problem.of(ProblemCode.CLIENT_LEFT, "The client left", "The answer could not be written")
                    .response();
        }
        String id = UUID.randomUUID().toString();
        LOG.error("door.failed id={}", id, failure);
        return Problem.of(ProblemCode.INTERNAL, "Something failed here", "Tell the operator this id: " + id)
                .response();
    }

    private static Response ofSpeech(SpeechException speech) {
        return switch (speech.reason()) {
            case TEXT -> ofField("text", speech.getMessage());
            case LANGUAGE -> ofField("language", speech.getMessage());
            case ENGINE, STORAGE ->
                Problem.of(ProblemCode.CANNOT_SPEAK, "Nothing can be spoken here now", speech.getMessage())
                        .response();
        };
    }

    private static Response ofRecording(RecordingException recording) {
        return switch (recording.reason()) {
            case TOO_LONG ->
                Problem.of(ProblemCode.TOO_LARGE, "The recording is too long", recording.getMessage())
                        .response();
            case DECODER ->
                Problem.of(ProblemCode.CANNOT_DECODE, "Recordings cannot be read here now", recording.getMessage())
                        .response();
            default -> ofField("body", recording.getMessage());
        };
    }

    private static Response ofDocument(DocumentException document) {
        return switch (document.reason()) {
            case TOO_LARGE ->
                Problem.of(ProblemCode.TOO_LARGE, "The document is too large", document.getMessage())
                        .response();
            case READER ->
                Problem.of(ProblemCode.CANNOT_READ, "Documents cannot be read here now", document.getMessage())
                        .response();
            default -> ofField("body", document.getMessage());
        };
    }

    private static Response ofField(String field, String problem) {
        return Problem.refused(field + ": " + problem, List.of(new FieldError(field, problem)))
                .response();
    }

    /** What a launch that was not made leaves behind: nothing. What may have been made is made once, whoever asks again. */
    private static Problem unavailable(DatabaseException database) {
        String unchanged = "Nothing was changed, and nothing will be launched later by itself; ";
        String state = database.sqlState();
        if (state.equals(DISK_FULL)) {
            return Problem.of(
                    ProblemCode.DISK_FULL,
                    "The database's disk is full",
                    unchanged + "tell the operator: it needs space, then repeat the request with the same"
                            + " Idempotency-Key");
        }
        if (state.equals(READ_ONLY)) {
            return Problem.of(
                    ProblemCode.NO_WRITES,
                    "The database takes no writes",
                    unchanged + "it is read-only, as after a failover that is not over: repeat the request with the"
                            + " same Idempotency-Key, and tell the operator if it lasts longer than a minute");
        }
        if (state.equals(NOT_CONNECTED)) {
            return Problem.of(
                    ProblemCode.DATABASE_UNAVAILABLE,
                    "No primary database can be reached",
                    unchanged + "repeat the request with the same Idempotency-Key in a few seconds");
        }
        return Problem.of(
                ProblemCode.DATABASE_UNAVAILABLE,
                "The database is away",
                state.startsWith("08") || state.startsWith("57P")
                        ? "The connection was lost before the answer, so whether it was changed is not known; repeat"
                                + " the request with the same Idempotency-Key in a few seconds: it is done once"
                        : unchanged + "repeat the request with the same Idempotency-Key in a few seconds");
    }

    /** The container says so by an end of file where it writes. */
    private static boolean clientLeft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException) {
                return true;
            }
        }
        return false;
    }

    /** The rooms name fields as files write them ({@code sms-sender}); here they are written {@code smsSender}. */
    private static String asWritten(String field) {
        Matcher quota = QUOTA.matcher(field);
        if (quota.matches()) {
            return "max" + camel("-" + quota.group(1));
        }
        Matcher first = FIRST.matcher(field);
        return first.matches() ? camel(first.group(1)) + first.group(2) : field;
    }

    private static String camel(String words) {
        return WORD.matcher(words).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }

    private static Response ofHttp(WebApplicationException web) {
        Response response = web.getResponse();
        if (response.getEntity() instanceof Problem) {
            return response;
        }
        for (Throwable cause = web.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JacksonException malformed) {
                return ofJson(malformed);
            }
        }
        int status = response.getStatus();
        String detail =
                switch (status) {
                    case 404 -> "No such path; /api/v1/openapi.json lists them";
                    case 405 -> "This path does not take that method; /api/v1/openapi.json lists them";
                    case 406 -> "This path cannot answer in the media type asked for";
                    case 415 -> "Send application/json, or what the description of this door (openapi.json) names";
                    default -> "The request could not be read";
                };
        return Problem.http(status, response.getStatusInfo().getReasonPhrase(), detail)
                .response();
    }

    private static Response ofJson(JacksonException malformed) {
        String field = "body";
        if (malformed instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            field = mapping.getPath().stream()
                    .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                    .collect(Collectors.joining("."));
        }
        String problem = reason(malformed);
        return Problem.of(
                        ProblemCode.MALFORMED,
                        "The JSON cannot be read",
                        field + " " + problem,
                        List.of(new FieldError(field, problem)))
                .response();
    }

    /** Never the reader's own words where they would name classes of ours. */
    private static String reason(JacksonException malformed) {
        if (malformed instanceof UnrecognizedPropertyException unknown) {
            return "is not a field here; known: "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        String where = malformed.getLocation() == null
                ? ""
                : " at line " + malformed.getLocation().getLineNr() + ", column "
                        + malformed.getLocation().getColumnNr();
        if (malformed instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            String given = malformed instanceof InvalidFormatException wrong ? ": \"" + wrong.getValue() + "\"" : "";
            return "cannot be read" + where + given + " is not " + wanted(mismatch.getTargetType());
        }
        return "cannot be read" + where + ": "
                + (malformed instanceof JsonMappingException
                        ? "it does not fit what belongs here"
                        : UNQUOTED.matcher(malformed.getOriginalMessage()).replaceFirst("$1"));
    }

    private static String wanted(Class<?> type) {
        if (type == Duration.class) {
            return "a duration; write PT10M for ten minutes";
        }
        if (type == Instant.class) {
            return "a time; write 2026-01-31T08:00:00Z";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list; write [ … ]";
        }
        return type == String.class ? "a text" : "an object; write { … }";
    }
}
