package io.tocsin.platform.asterisk.ari;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A switch of ours connected to a scripted one, and what tests ask of it. */
final class Rig implements AutoCloseable {
    static final AriSettings.Limits LIMITS = new AriSettings.Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            200_000,
            4_096);

    final ScriptedSwitch there;
    final Heard heard = new Heard();
    final Switch here;

    Rig(ScriptedSwitch there, AriSettings.Limits limits) throws InterruptedException {
        this.there = there;
        this.here = Switch.open(dialing(there.port(), limits), heard, Clock.systemUTC());
    }

    static Rig up(ScriptedSwitch there, AriSettings.Limits limits) throws InterruptedException {
        Rig rig = new Rig(there, limits);
        assertThat(rig.heard.next()).isEqualTo("up");
        return rig;
    }

    static Rig up(ScriptedSwitch there) throws InterruptedException {
        return up(there, LIMITS);
    }

    static AriSettings dialing(int port, AriSettings.Limits limits) {
        return settings(AriSettings.Direction.DIAL, port, limits);
    }

    static AriSettings settings(AriSettings.Direction direction, int port, AriSettings.Limits limits) {
        return new AriSettings(
                "test",
                direction,
                "127.0.0.1",
                port,
                "activoice",
                false,
                ScriptedSwitch.USER,
                ScriptedSwitch.PASSWORD,
                limits);
    }

    static AriSettings.Limits limits(Duration request, Duration quiet) {
        return new AriSettings.Limits(
                LIMITS.connect(),
                request,
                quiet,
                LIMITS.firstWait(),
                LIMITS.longestWait(),
                LIMITS.messageBytes(),
                LIMITS.pending());
    }

    static Originate call(String id) {
        return new Originate(
                id,
                "PJSIP/0639981234@trunk",
                Optional.of("\"Mairie\" <0199001234>"),
                Duration.ofSeconds(10),
                List.of("alert", id),
                Map.of("ALERTID", id));
    }

    static String channel(String id) {
        return "{\"id\":\"" + id + "\",\"name\":\"PJSIP/trunk-00000000\",\"state\":\"Down\"}";
    }

    /** The body of an answer about the application. */
    static String channels(String... ids) {
        return "{\"name\":\"activoice\",\"channel_ids\":["
                + Stream.of(ids).map(id -> "\"" + id + "\"").collect(Collectors.joining(",")) + "]}";
    }

    static String event(String type, String id) {
        return "{\"type\":\"" + type + "\",\"timestamp\":\"2026-11-21T17:32:25.156+0000\",\"channel\":" + channel(id)
                + "}";
    }

    static <T> T of(CompletableFuture<T> future) throws Exception {
        return future.get(2, TimeUnit.MINUTES);
    }

    static AriException failure(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("succeeded: " + of(future));
        } catch (ExecutionException e) {
            return (AriException) e.getCause();
        }
    }

    @Override
    public void close() {
        here.close();
        there.close();
    }
}
