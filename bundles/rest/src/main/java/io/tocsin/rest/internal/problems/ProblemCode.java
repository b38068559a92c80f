package io.tocsin.rest.internal.problems;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Everything a door answers in place of what was asked for: the only list there is. Stable: a client chooses its own words by it, and
 * takes the sentences beside it for a code it does not know. Meanings and cures are in docs/operations.md.
 */
public enum ProblemCode {
    MALFORMED("malformed", 400),
    UNAUTHENTICATED("unauthenticated", 401),
    SIGN_IN_FAILED("sign-in-failed", 401),
    FORBIDDEN("forbidden", 403),
    PEOPLE_ONLY("people-only", 403),
    NOT_FOUND("not-found", 404),
    STALE("stale", 412),
    TOO_LARGE("too-large", 413),
    REFUSED("refused", 422),
    IF_MATCH_REQUIRED("if-match-required", 428),
    IDEMPOTENCY_KEY_REQUIRED("idempotency-key-required", 428),
    CLIENT_LEFT("client-left", 499),
    INTERNAL("internal", 500),
    DATABASE_UNAVAILABLE("database-unavailable", 503),
    DISK_FULL("disk-full", 503),
    NO_WRITES("no-writes", 503),
    CANNOT_READ("cannot-read", 503),
    CANNOT_SPEAK("cannot-speak", 503),
    CANNOT_DECODE("cannot-decode", 503),
    /** What the container refuses before a resource is asked: path, method, media type. Its type says the status: {@code http-404}. */
    HTTP("http", 400);

    private final String word;
    private final int status;

    ProblemCode(String word, int status) {
        this.word = word;
        this.status = status;
    }

    /** As it is written. */
    @JsonValue
    public String word() {
        return word;
    }

    int status() {
        return status;
    }
}
