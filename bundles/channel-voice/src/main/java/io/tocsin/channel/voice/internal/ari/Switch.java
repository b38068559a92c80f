package io.tocsin.channel.voice.internal.ari;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * An Asterisk switch and what it can be asked (ARI of Asterisk 22, REST over WebSocket). Thread-safe; nothing blocks but
 * {@link #close}. Futures end on the link's event loop, within the request limit: with the result, or exceptionally with an
 * {@link AriException}, whose kind says what is certain. Do not block there.
 */
public final class Switch implements AutoCloseable {
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    /** How the legs in a bridge hear each other. */
    public enum BridgeType {
        MIXING("mixing"),
        /** Music, and no talk. */
        HOLDING("holding");

        private final String word;

        BridgeType(String word) {
            this.word = word;
        }
    }

    /** Reads a result from the body of an answer. */
    private interface Reading<T> {
        T from(JsonNode body) throws AriReader.Unreadable;
    }

    private final AriWire wire;

    private Switch(AriWire wire) {
        this.wire = wire;
    }

    /** Returns at once; {@link SwitchListener#up} says when the link stands. */
    public static Switch open(AriSettings settings, SwitchListener listener, Clock clock) {
        return new Switch(new AriWire(settings, listener, clock));
    }

    public boolean isUp() {
        return wire.isUp();
    }

    /** What the switch did that it should not. */
    public Oddities oddities() {
        return wire.oddities();
    }

    /** Where the switch connects to; empty if we connect. */
    public OptionalInt port() {
        return wire.port();
    }

    /** Channels somebody listens to. */
    public int attached() {
        return wire.attached();
    }

    /**
     * Begins a call; its listener has the channel's events from before the request leaves until {@code ChannelDestroyed}, or
     * until it is certain that there is no call. An originate in doubt stays attached: {@link #channels} settles it, and
     * {@link #detach} if there is none. Success is not an answer, nor even ringing: a failure right after it comes as an event.
     */
    public CompletableFuture<AriChannel> originate(Originate call, CallListener listener) {
        if (!wire.attach(call.channelId(), listener)) {
            return CompletableFuture.failedFuture(
                    AriException.notSent("originate: a call of this id is under way already"));
        }
        ObjectNode body = wire.reader().mapper().createObjectNode();
        body.put("endpoint", call.endpoint())
                .put("app", wire.application())
                .put("appArgs", String.join(",", call.arguments()))
                .put("timeout", Math.max(1, call.ringing().toSeconds()))
                .put("channelId", call.channelId());
        call.callerId().ifPresent(id -> body.put("callerId", id));
        ObjectNode variables = body.putObject("variables");
        call.variables().forEach(variables::put);
        AriRequest request = new AriRequest(
                "originate", "POST", "channels", Optional.of(wire.reader().written(body)));
        return plain(reading(request, wire.reader()::channel).whenComplete((channel, failure) -> {
            if (failure instanceof AriException why && noCall(why)) {
                wire.detach(call.channelId());
            }
        }));
    }

    /** A conflict is about a call that lives: an originate sent again after doubt. */
    private static boolean noCall(AriException why) {
        return why.kind() == AriException.Kind.NOT_SENT
                || why.kind() == AriException.Kind.REFUSED && why.status() != CONFLICT;
    }

    /** Listens to a channel that arrived or lived already. @return false if somebody does */
    public boolean attach(String channelId, CallListener listener) {
        return wire.attach(channelId, listener);
    }

    /** Stops listening; for a channel that came in, after its {@code StasisEnd}. */
    public void detach(String channelId) {
        wire.detach(channelId);
    }

    public CompletableFuture<Void> answer(String channelId) {
        return done(AriRequest.of("answer", "POST", channel(channelId, "/answer")));
    }

    /**
     * Plays media one after the other.
     *
     * @param playbackId ours
     * @param media {@code sound:…}, {@code recording:…}, {@code digits:…}, {@code tone:…}
     */
    public CompletableFuture<AriPlayback> play(String channelId, String playbackId, List<String> media) {
        String query = query("media", String.join(",", media), "playbackId", playbackId);
        return reading(AriRequest.of("play", "POST", channel(channelId, "/play") + query), wire.reader()::playback);
    }

    /** @return false if it was over already */
    public CompletableFuture<Boolean> stopPlayback(String playbackId) {
        return there(AriRequest.of("stop-playback", "DELETE", "playbacks/" + WireText.encoded(playbackId)));
    }

    /**
     * @param cause Q.850, which the other side is told: 16 is normal clearing
     * @return false if it was gone already
     */
    public CompletableFuture<Boolean> hangup(String channelId, int cause) {
        return there(AriRequest.of("hangup", "DELETE", channel(channelId, "?reason_code=" + cause)));
    }

    /** @param bridgeId ours */
    public CompletableFuture<Void> createBridge(String bridgeId, BridgeType type) {
        return done(AriRequest.of("create-bridge", "POST", "bridges" + query("type", type.word, "bridgeId", bridgeId)));
    }

    public CompletableFuture<Void> addToBridge(String bridgeId, List<String> channelIds) {
        return done(AriRequest.of("add-to-bridge", "POST", members(bridgeId, "/addChannel", channelIds)));
    }

    public CompletableFuture<Void> removeFromBridge(String bridgeId, List<String> channelIds) {
        return done(AriRequest.of("remove-from-bridge", "POST", members(bridgeId, "/removeChannel", channelIds)));
    }

    /** Its channels are left where they are. @return false if it was gone already */
    public CompletableFuture<Boolean> destroyBridge(String bridgeId) {
        return there(AriRequest.of("destroy-bridge", "DELETE", "bridges/" + WireText.encoded(bridgeId)));
    }

    /** What lives on the switch, other applications' channels too. */
    public CompletableFuture<List<AriChannel>> channels() {
        return reading(AriRequest.of("list-channels", "GET", "channels"), body -> {
            if (!body.isArray()) {
                throw new AriReader.Unreadable("not a list");
            }
            List<AriChannel> channels = new ArrayList<>(body.size());
            for (JsonNode channel : body) {
                channels.add(wire.reader().channel(channel));
            }
            return List.copyOf(channels);
        });
    }

    /** Empty if the channel or the variable is not there. */
    public CompletableFuture<Optional<String>> variable(String channelId, String name) {
        AriRequest request =
                AriRequest.of("get-variable", "GET", channel(channelId, "/variable") + query("variable", name));
        return orElse(
                reading(request, body -> Optional.of(body.path("value").asText(""))), NOT_FOUND, Optional.empty());
    }

    public CompletableFuture<Void> setVariable(String channelId, String name, String value) {
        return done(AriRequest.of(
                "set-variable", "POST", channel(channelId, "/variable") + query("variable", name, "value", value)));
    }

    /** Its end comes as {@code RecordingChanged}. A recording of that name is refused, not replaced. */
    public CompletableFuture<AriRecording> record(String channelId, Recording what) {
        ObjectNode body = wire.reader().mapper().createObjectNode();
        body.put("name", what.name())
                .put("format", what.format())
                .put("maxDurationSeconds", Math.max(1, what.longest().toSeconds()))
                .put(
                        "maxSilenceSeconds",
                        what.silence().map(d -> Math.max(1, d.toSeconds())).orElse(0L))
                .put("ifExists", "fail")
                .put("beep", what.beep())
                .put("terminateOn", what.endKey());
        AriRequest request = new AriRequest(
                "record",
                "POST",
                channel(channelId, "/record"),
                Optional.of(wire.reader().written(body)));
        return reading(request, wire.reader()::recording);
    }

    /** Ends a recording and keeps it. @return false if it was over already */
    public CompletableFuture<Boolean> stopRecording(String name) {
        return there(AriRequest.of("stop-recording", "POST", "recordings/live/" + WireText.encoded(name) + "/stop"));
    }

    private static String channel(String channelId, String rest) {
        return "channels/" + WireText.encoded(channelId) + rest;
    }

    private static String members(String bridgeId, String operation, List<String> channelIds) {
        return "bridges/" + WireText.encoded(bridgeId) + operation + query("channel", String.join(",", channelIds));
    }

    /** @param parameters names and values in turn */
    private static String query(String... parameters) {
        StringJoiner query = new StringJoiner("&", "?", "");
        for (int n = 0; n < parameters.length; n += 2) {
            query.add(parameters[n] + "=" + WireText.encoded(parameters[n + 1]));
        }
        return query.toString();
    }

    private CompletableFuture<Void> done(AriRequest request) {
        return plain(wire.request(request).thenApply(response -> null));
    }

    private CompletableFuture<Boolean> there(AriRequest request) {
        return orElse(plain(wire.request(request).thenApply(response -> true)), NOT_FOUND, false);
    }

    private <T> CompletableFuture<T> reading(AriRequest request, Reading<T> reading) {
        return plain(wire.request(request).thenApply(response -> {
            try {
                return reading.from(wire.reader().body(response.body()));
            } catch (AriReader.Unreadable e) {
                oddities().saw(Oddities.Kind.UNREADABLE_ANSWER, request.what() + "-" + e.getMessage());
                throw new CompletionException(
                        AriException.inDoubt(request.what() + ": done, but its answer is " + e.getMessage()));
            }
        }));
    }

    private static <T> CompletableFuture<T> orElse(CompletableFuture<T> future, int status, T value) {
        CompletableFuture<T> result = new CompletableFuture<>();
        future.whenComplete((got, failure) -> {
            if (failure instanceof AriException why && why.status() == status) {
                result.complete(value);
            } else if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(got);
            }
        });
        return result;
    }

    /** Without the wrapping that stages put around a failure: whoever waits sees the {@link AriException} itself. */
    private static <T> CompletableFuture<T> plain(CompletableFuture<T> stage) {
        CompletableFuture<T> result = new CompletableFuture<>();
        stage.whenComplete((got, failure) -> {
            if (failure != null) {
                result.completeExceptionally(
                        failure instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : failure);
            } else {
                result.complete(got);
            }
        });
        return result;
    }

    /** What waits is in doubt; the calls go on. Idempotent; leaves no thread and no socket. Blocks for seconds at most. */
    @Override
    public void close() {
        wire.close();
    }
}
