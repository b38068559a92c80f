package io.tocsin.platform.asterisk.ari;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.platform.asterisk.internal.WireText;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads what a switch sends. Whatever it is, the result is a message or {@link Unreadable}. Thread-safe. */
final class AriReader {
    private static final int DEEPEST = 32;
    private static final int LONGEST_ID = 256;
    private static final int LONGEST_NAME = 128;
    private static final int MOST_ARGUMENTS = 64;
    /** The other events of Asterisk 22's {@code rest-api/events.json}. */
    private static final Set<String> UNUSED = Set.of(
            "ApplicationMoveFailed",
            "ApplicationUnregistered",
            "BridgeAttendedTransfer",
            "BridgeBlindTransfer",
            "BridgeCreated",
            "BridgeMerged",
            "BridgeVideoSourceChanged",
            "CallBroadcast",
            "CallClaimed",
            "ChannelCallerId",
            "ChannelConnectedLine",
            "ChannelCreated",
            "ChannelDialplan",
            "ChannelHold",
            "ChannelToneDetected",
            "ChannelTransfer",
            "ChannelUnhold",
            "ChannelUserevent",
            "ContactStatusChange",
            "DeviceStateChanged",
            "EndpointStateChange",
            "PeerStatusChange",
            "PlaybackContinuing",
            "TextMessageReceived");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSZ");

    /** Not a message of ARI; says what is wrong with it, without its content. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String what) {
            super(what, null, false, false);
        }
    }

    private final Clock clock;
    private final ObjectMapper mapper;

    /** @param clock for events whose own time cannot be read */
    AriReader(Clock clock, int longest) {
        this.clock = clock;
        this.mapper = new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEEPEST)
                                .maxStringLength(longest)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    AriMessage read(InputStream json) throws Unreadable {
        JsonNode root;
        try {
            root = mapper.readTree(json);
        } catch (JsonProcessingException e) {
            throw new Unreadable("not JSON: " + e.getClass().getSimpleName()); // its message quotes what it read
        } catch (IOException e) {
            throw new Unreadable("cannot be read: " + e.getClass().getSimpleName());
        }
        if (!root.isObject()) {
            throw new Unreadable("not an object");
        }
        String type = text(root, "type", LONGEST_NAME);
        if (type.isEmpty()) {
            throw new Unreadable("without a type");
        }
        if (type.equals("RESTResponse")) {
            return new AriMessage.Response(
                    text(root, "transaction_id", LONGEST_ID),
                    integer(root, "status_code").orElseThrow(() -> new Unreadable("an answer without a status")),
                    text(root, "reason_phrase", LONGEST_NAME),
                    root.path("message_body").asText(""));
        }
        return new AriMessage.Event(event(root, type));
    }

    /** The body of an answer. */
    JsonNode body(String json) throws Unreadable {
        try {
            return mapper.readTree(json);
        } catch (JsonProcessingException e) {
            throw new Unreadable("not JSON: " + e.getClass().getSimpleName());
        }
    }

    /** A request's body. */
    String written(JsonNode body) {
        return body.toString();
    }

    ObjectMapper mapper() {
        return mapper;
    }

    private AriEvent event(JsonNode e, String type) throws Unreadable {
        Instant at = time(e.path("timestamp").asText(""));
        return switch (type) {
            case "StasisStart" -> new AriEvent.StasisStart(at, channel(e.path("channel")), arguments(e.path("args")));
            case "StasisEnd" -> new AriEvent.StasisEnd(at, channel(e.path("channel")));
            case "Dial" -> new AriEvent.Dial(at, channel(e.path("peer")), text(e, "dialstatus", LONGEST_NAME));
            case "ChannelStateChange" -> new AriEvent.ChannelStateChange(at, channel(e.path("channel")));
            case "ChannelHangupRequest" ->
                new AriEvent.ChannelHangupRequest(
                        at, channel(e.path("channel")), integer(e, "cause"), integer(e, "tech_cause"));
            case "ChannelDestroyed" ->
                new AriEvent.ChannelDestroyed(
                        at, channel(e.path("channel")), integer(e, "cause").orElse(0), integer(e, "tech_cause"));
            case "ChannelDtmfReceived" ->
                new AriEvent.ChannelDtmfReceived(
                        at,
                        channel(e.path("channel")),
                        digit(text(e, "digit", 2)),
                        Duration.ofMillis(Math.max(0, integer(e, "duration_ms").orElse(0))));
            case "ChannelTalkingStarted" ->
                new AriEvent.ChannelTalking(at, channel(e.path("channel")), true, Duration.ZERO);
            case "ChannelTalkingFinished" ->
                new AriEvent.ChannelTalking(
                        at,
                        channel(e.path("channel")),
                        false,
                        Duration.ofMillis(Math.max(0, integer(e, "duration").orElse(0))));
            case "ChannelEnteredBridge" ->
                new AriEvent.ChannelEnteredBridge(at, channel(e.path("channel")), id(e.path("bridge"), "id"));
            case "ChannelLeftBridge" ->
                new AriEvent.ChannelLeftBridge(at, channel(e.path("channel")), id(e.path("bridge"), "id"));
            case "ChannelVarset" ->
                new AriEvent.ChannelVarset(
                        at,
                        optionalId(e.path("channel")),
                        text(e, "variable", LONGEST_NAME),
                        e.path("value").asText(""));
            case "PlaybackStarted" -> new AriEvent.PlaybackStarted(at, playback(e.path("playback")));
            case "PlaybackFinished" -> new AriEvent.PlaybackFinished(at, playback(e.path("playback")));
            case "RecordingStarted", "RecordingFinished", "RecordingFailed" ->
                new AriEvent.RecordingChanged(at, recording(e.path("recording")));
            case "BridgeDestroyed" -> new AriEvent.BridgeDestroyed(at, id(e.path("bridge"), "id"));
            case "ApplicationRegistered" ->
                new AriEvent.ApplicationRegistered(at, text(e, "application", LONGEST_NAME));
            case "ApplicationReplaced" -> new AriEvent.ApplicationReplaced(at, text(e, "application", LONGEST_NAME));
            default -> new AriEvent.Unrecognised(at, type, UNUSED.contains(type), optionalId(e.path("channel")), e);
        };
    }

    AriChannel channel(JsonNode c) throws Unreadable {
        JsonNode caller = c.path("caller");
        return new AriChannel(
                id(c, "id"),
                text(c, "name", LONGEST_NAME),
                switch (c.path("state").asText("")) {
                    case "Down" -> AriChannel.State.DOWN;
                    case "Ring", "Ringing" -> AriChannel.State.RINGING;
                    case "Up" -> AriChannel.State.UP;
                    case "Busy" -> AriChannel.State.BUSY;
                    default -> AriChannel.State.OTHER;
                },
                text(caller, "name", LONGEST_NAME),
                text(caller, "number", LONGEST_NAME),
                text(c.path("dialplan"), "exten", LONGEST_NAME),
                text(c, "language", LONGEST_NAME));
    }

    AriPlayback playback(JsonNode p) throws Unreadable {
        String target = p.path("target_uri").asText("");
        return new AriPlayback(
                id(p, "id"),
                target(target, "channel:"),
                target(target, "bridge:"),
                state(AriPlayback.State.class, p, AriPlayback.State.OTHER));
    }

    AriRecording recording(JsonNode r) throws Unreadable {
        OptionalInt seconds = integer(r, "duration");
        return new AriRecording(
                id(r, "name"),
                target(r.path("target_uri").asText(""), "channel:"),
                state(AriRecording.State.class, r, AriRecording.State.OTHER),
                seconds.isPresent()
                        ? Optional.of(Duration.ofSeconds(Math.max(0, seconds.getAsInt())))
                        : Optional.empty());
    }

    private static Optional<String> target(String uri, String scheme) {
        return uri.startsWith(scheme) && uri.length() > scheme.length()
                ? Optional.of(WireText.name(uri.substring(scheme.length()), LONGEST_ID))
                : Optional.empty();
    }

    private static <E extends Enum<E>> E state(Class<E> states, JsonNode node, E other) {
        String state = node.path("state").asText("").toUpperCase(Locale.ROOT);
        for (E known : states.getEnumConstants()) {
            if (known.name().equals(state)) {
                return known;
            }
        }
        return other;
    }

    private static List<String> arguments(JsonNode args) {
        List<String> arguments = new ArrayList<>();
        for (JsonNode argument : args) {
            if (arguments.size() == MOST_ARGUMENTS) {
                break;
            }
            arguments.add(WireText.name(argument.asText(""), LONGEST_ID));
        }
        return List.copyOf(arguments);
    }

    private static char digit(String digit) throws Unreadable {
        if (digit.length() != 1 || "0123456789*#ABCD".indexOf(digit.charAt(0)) < 0) {
            throw new Unreadable("a key that no telephone has");
        }
        return digit.charAt(0);
    }

    private static String id(JsonNode node, String field) throws Unreadable {
        String id = text(node, field, LONGEST_ID);
        if (id.isEmpty()) {
            throw new Unreadable("without the " + field + " of what it is about");
        }
        return id;
    }

    private static Optional<String> optionalId(JsonNode channel) {
        return Optional.of(text(channel, "id", LONGEST_ID)).filter(id -> !id.isEmpty());
    }

    private static OptionalInt integer(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.canConvertToInt() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
    }

    private static String text(JsonNode node, String field, int longest) {
        return WireText.name(node.path(field).asText(""), longest);
    }

    private Instant time(String text) {
        try {
            return OffsetDateTime.parse(text, TIME).toInstant();
        } catch (DateTimeException e) {
            return clock.instant();
        }
    }
}
