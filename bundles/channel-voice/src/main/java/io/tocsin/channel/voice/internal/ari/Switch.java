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
import java.util.function.Function;

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

    /** Reads a result from an answer. */
    private interface Answered<T> {
        T from(AriMessage.Response response) throws AriReader.Unreadable;
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
        return ask(request, body(wire.reader()::channel), why -> {
            if (noCall(why)) {
                wire.detach(call.channelId());
            }
            return Optional.empty();
        });
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
        return ask(
                request,
                body(body -> Optional.of(body.path("value").asText(""))),
                why -> why.status() == NOT_FOUND ? Optional.of(Optional.empty()) : Optional.empty());
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
        return ask(request, response -> null, why -> Optional.empty());
    }

    private CompletableFuture<Boolean> there(AriRequest request) {
        return ask(request, response -> true, why -> why.status() == NOT_FOUND ? Optional.of(false) : Optional.empty());
    }

    private <T> CompletableFuture<T> reading(AriRequest request, Reading<T> reading) {
        return ask(request, body(reading), why -> Optional.empty());
    }

    private <T> Answered<T> body(Reading<T> reading) {
        return response -> reading.from(wire.reader().body(response.body()));
    }

    /**
     * @param answered what an answer means
     * @param otherwise what a failure means all the same, before anybody hears of it
     */
    private <T> CompletableFuture<T> ask(
            AriRequest request, Answered<T> answered, Function<AriException, Optional<T>> otherwise) {
        CompletableFuture<T> result = new CompletableFuture<>();
        wire.request(request, new PendingRequests.Asker() {
            @Override
            public void answered(AriMessage.Response response) {
                try {
                    result.complete(answered.from(response));
                } catch (AriReader.Unreadable e) {
                    oddities().saw(Oddities.Kind.UNREADABLE_ANSWER, request.what() + "-" + e.getMessage());
                    failed(AriException.inDoubt(request.what() + ": done, but its answer is " + e.getMessage()));
                }
            }

            @Override
            public void failed(AriException why) {
                otherwise.apply(why).ifPresentOrElse(result::complete, () -> result.completeExceptionally(why));
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
