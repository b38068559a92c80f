package io.tocsin.platform.asterisk.ari;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.platform.asterisk.internal.WireText;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
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
     * {@link #detach} if there is none. Status 409 says that a call of that id lives, from before: it is attached, too. Success is not an answer, nor even ringing: a failure right after it comes as an event.
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
        CompletableFuture<AriChannel> begun = new CompletableFuture<>();
        ask(request, body(wire.reader()::channel), begun, why -> {
            if (why.kind() == AriException.Kind.REFUSED && why.status() == CONFLICT) {
                settle(call.channelId(), why, begun);
            } else {
                notBegun(call.channelId(), why, begun);
            }
        });
        return begun;
    }

    /**
     * A conflict should say that the call lives: an originate sent again after doubt. But Asterisk 22 answers so to any failure
     * that comes after a true conflict on the same connection (its error number is kept by thread): only the channel tells.
     */
    private void settle(String channelId, AriException conflict, CompletableFuture<AriChannel> begun) {
        channel(channelId).whenComplete((channel, failure) -> {
            if (failure != null) {
                notBegun(channelId, AriException.inDoubt("originate: refused as if the call lived"), begun);
            } else if (channel.isPresent()) {
                begun.completeExceptionally(conflict);
            } else {
                notBegun(channelId, AriException.refused("originate: refused, and there is no such call"), begun);
            }
        });
    }

    private void notBegun(String channelId, AriException why, CompletableFuture<AriChannel> begun) {
        if (why.kind() != AriException.Kind.IN_DOUBT) {
            wire.detach(channelId);
        }
        begun.completeExceptionally(why);
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
     * Takes a channel over from another application, such as that of a node that is gone: it arrives here ({@code StasisStart}) with
     * the argument. What is playing goes on.
     *
     * @return false if there is no such channel, or it is in no application: it rings
     */
    public CompletableFuture<Boolean> move(String channelId, String argument) {
        return there(
                AriRequest.of(
                        "move",
                        "POST",
                        channel(channelId, "/move") + query("app", wire.application(), "appArgs", argument)),
                CONFLICT);
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

    /** Its channels are left where they are. @return false if it was gone already, or going */
    public CompletableFuture<Boolean> destroyBridge(String bridgeId) {
        // one that is being taken apart is in conflict, for a moment
        return there(AriRequest.of("destroy-bridge", "DELETE", "bridges/" + WireText.encoded(bridgeId)), CONFLICT);
    }

    /** Empty if there is no such channel. */
    public CompletableFuture<Optional<AriChannel>> channel(String channelId) {
        return ask(
                AriRequest.of("get-channel", "GET", channel(channelId, "")),
                body(found -> Optional.of(wire.reader().channel(found))),
                why -> why.status() == NOT_FOUND ? Optional.of(Optional.empty()) : Optional.empty());
    }

    /**
     * The ids of our application's channels that live: ringing, answered, or come in. Ids only: a list of all channels with
     * what they are ({@code GET /channels}) ends Asterisk 22.10 between 1,000 and 2,000 of them, because it copies what it sends
     * onto its stack.
     */
    public CompletableFuture<List<String>> channels() {
        String application = "applications/" + WireText.encoded(wire.application());
        return reading(AriRequest.of("list-channels", "GET", application), body -> {
            if (!body.path("channel_ids").isArray()) {
                throw new AriReader.Unreadable("not a list");
            }
            List<String> ids = new ArrayList<>();
            body.path("channel_ids").forEach(id -> ids.add(id.asText()));
            return List.copyOf(ids);
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

    /**
     * What was recorded: the file's bytes, by HTTP beside the WebSocket, which carries text only.
     *
     * @return at most some megabytes; exceptionally with an {@link java.io.IOException} if it is not there, too large, or the
     *     switch connects to us and its own address is not known
     */
    public CompletableFuture<byte[]> storedRecording(String name) {
        return wire.fetch("recordings/stored/" + WireText.encoded(name) + "/file");
    }

    /** Deletes a recording that is over. @return false if there is none */
    public CompletableFuture<Boolean> deleteRecording(String name) {
        return there(AriRequest.of("delete-recording", "DELETE", "recordings/stored/" + WireText.encoded(name)));
    }

    /** Runs work where events are told, one after the other: what only that thread touches needs no lock. Not once closed. */
    public void execute(Runnable work) {
        wire.execute(work);
    }

    /** As {@link #execute}, later; cancel without interruption. */
    public Future<?> schedule(Runnable work, Duration after) {
        return wire.schedule(work, after);
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
        return there(request, NOT_FOUND);
    }

    /** @param gone a status that says the same as not found */
    private CompletableFuture<Boolean> there(AriRequest request, int gone) {
        return ask(
                request,
                response -> true,
                why -> why.status() == NOT_FOUND || why.status() == gone ? Optional.of(false) : Optional.empty());
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
        ask(request, answered, result, why -> otherwise
                .apply(why)
                .ifPresentOrElse(result::complete, () -> result.completeExceptionally(why)));
        return result;
    }

    private <T> void ask(
            AriRequest request, Answered<T> answered, CompletableFuture<T> result, Consumer<AriException> failed) {
        wire.request(request, new PendingRequests.Asker() {
            @Override
            public void answered(AriMessage.Response response) {
                T value;
                try {
                    value = answered.from(response);
                } catch (AriReader.Unreadable e) {
                    oddities().saw(Oddities.Kind.UNREADABLE_ANSWER, request.what() + "-" + e.getMessage());
                    failed(AriException.inDoubt(request.what() + ": done, but its answer is " + e.getMessage()));
                    return;
                }
                result.complete(value);
            }

            @Override
            public void failed(AriException why) {
                failed.accept(why);
            }
        });
    }

    /** What waits is in doubt; the calls go on. Idempotent; leaves no thread and no socket. Blocks for seconds at most. */
    @Override
    public void close() {
        wire.close();
    }
}
