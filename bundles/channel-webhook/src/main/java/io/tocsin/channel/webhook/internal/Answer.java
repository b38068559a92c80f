package io.tocsin.channel.webhook.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a receiver answered, and what that means (RFC 9110 section 15, RFC 6585).
 *
 * @param requestId its X-Request-Id, if it gave one
 * @param retryAfter its Retry-After, if it gave one
 * @param body of a 2xx, whole; empty if it was longer than we read, or broke off
 */
record Answer(int status, Optional<String> requestId, Optional<String> retryAfter, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,64}");
    /** A receiver must not put off a message for ever. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    boolean taken() {
        return status >= 200 && status <= 299;
    }

    /** It knows us no more, or not yet. */
    boolean refusesUs() {
        return status == 401 || status == 403 || status == 407;
    }

    /**
     * @param reference our id of the message: the carrier's when the receiver gives none of its own
     * @param alone whether the account has this one receiver: what concerns the receiver concerns the account then
     * @param pause of an account that is to be left alone, at least
     */
    SendOutcome outcome(String reference, boolean alone, Duration pause, Instant now) {
        String code = "http-" + status;
        if (taken()) {
            return new Accepted(
                    requestId.filter(id -> REQUEST_ID.matcher(id).matches()).orElse(reference));
        }
        if (status < 200) {
            return new InDoubt(code);
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            Duration after = pause(now);
            boolean busy = status == 429 || status == 503;
            return alone && busy
                    ? new Retry(code, after.compareTo(pause) > 0 ? after : pause, Scope.ACCOUNT)
                    : new Retry(code, after, Scope.MESSAGE);
        }
        return new Rejected(
                code,
                switch (status) {
                    case 401, 402, 403, 407 -> Fault.ACCOUNT;
                    case 400, 411, 413, 415, 417, 422, 431 -> Fault.CONTENT;
                    default -> Fault.ADDRESS; // 3xx, 404, 405, 410: no such receiver, or not here
                });
    }

    private Duration pause(Instant now) {
        Duration asked = retryAfter.flatMap(written -> read(written, now)).orElse(Duration.ZERO);
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    /** RFC 9110 section 10.2.3: seconds or a date. */
    private static Optional<Duration> read(String written, Instant now) {
        String text = written.strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            return Optional.of(Duration.between(
                    now,
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Whether the body is a JSON object with {@code "delivered": true}: shown, sounded, not only taken. */
    boolean delivered() {
        if (!taken() || body.length == 0) {
            return false;
        }
        boolean delivered = false;
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean ours = json.currentName().equals("delivered");
                JsonToken value = json.nextToken();
                delivered |= ours && value == JsonToken.VALUE_TRUE;
                json.skipChildren();
            }
            return delivered && json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }

    /** Without the body: it is the receiver's own affair. */
    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
