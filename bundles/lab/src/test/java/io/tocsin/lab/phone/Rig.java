package io.tocsin.lab.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.lab.people.PhoneHabits;
import io.tocsin.lab.people.PhoneHabits.Between;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.AriException;
import io.tocsin.platform.asterisk.ari.AriSettings;
import io.tocsin.platform.asterisk.ari.CallListener;
import io.tocsin.platform.asterisk.ari.Originate;
import io.tocsin.platform.asterisk.ari.Switch;
import io.tocsin.platform.asterisk.ari.SwitchListener;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A plant, and the wire to a switch that the product uses, connected to it. */
final class Rig implements AutoCloseable, SwitchListener {
    static final Duration LIMIT = Duration.ofMinutes(2);

    final SimulatedPlant plant;
    final Switch wire;
    final List<AriEvent> events = new CopyOnWriteArrayList<>();
    final AtomicInteger ups = new AtomicInteger();
    final CallListener hears = events::add;

    Rig(PlantOptions.Builder options) throws IOException {
        this(SimulatedPlant.start(options.build()), "alerts");
    }

    Rig(SimulatedPlant plant, String application) {
        this.plant = plant;
        this.wire = Switch.open(
                new AriSettings(
                        "plant",
                        AriSettings.Direction.DIAL,
                        "127.0.0.1",
                        plant.port(),
                        application,
                        Optional.empty(),
                        false,
                        "tocsin",
                        "tocsin",
                        AriSettings.Limits.USUAL),
                this,
                Clock.systemUTC());
        await().atMost(LIMIT).until(wire::isUp);
        await().atMost(LIMIT).until(() -> plant.counters().connections() > 0);
    }

    /** People without a moment to lose. */
    static PhoneHabits.Builder quick() {
        return PhoneHabits.builder()
                .ringing(Between.millis(20, 60))
                .thinking(Between.millis(10, 20))
                .leaving(Between.millis(200, 300))
                .patience(Duration.ofMillis(300))
                .greeting(Duration.ofMillis(100))
                .talks(Duration.ofMillis(200))
                .deadTrunk(Duration.ofMillis(100));
    }

    static PlantOptions.Builder plant(PhoneHabits.Builder people) {
        return PlantOptions.builder().people(people.build(), 1);
    }

    void call(String id, String number, int seconds) throws Exception {
        of(begin(id, number, seconds));
    }

    CompletableFuture<?> begin(String id, String number, int seconds) {
        return wire.originate(
                new Originate(
                        id,
                        "PJSIP/" + number + "@carrier",
                        Optional.of("\"Mairie\" <0199001234>"),
                        Duration.ofSeconds(seconds),
                        List.of("alert", id),
                        Map.of("ALERT", "7")),
                hears);
    }

    <E extends AriEvent> E event(Class<E> type, String channel) {
        return event(type, channel, any -> true);
    }

    <E extends AriEvent> E event(Class<E> type, String channel, Predicate<E> which) {
        await().atMost(LIMIT).until(() -> all(type, channel).stream().anyMatch(which));
        return all(type, channel).stream().filter(which).findFirst().orElseThrow();
    }

    <E extends AriEvent> List<E> all(Class<E> type, String channel) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(event -> event.channelId().filter(channel::equals).isPresent())
                .toList();
    }

    /** Names of the events of a channel, in their order. */
    List<String> story(String channel) {
        return events.stream()
                .filter(event -> event.channelId().filter(channel::equals).isPresent())
                .map(event -> event instanceof AriEvent.Unrecognised other
                        ? other.type()
                        : event.getClass().getSimpleName())
                .toList();
    }

    PlacedCall placed(String channel) {
        await().atMost(LIMIT).until(() -> plant.placed().stream()
                .anyMatch(call -> call.channel().equals(channel)));
        return plant.placed().stream()
                .filter(call -> call.channel().equals(channel))
                .findFirst()
                .orElseThrow();
    }

    static <T> T of(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    static AriException failure(CompletableFuture<?> future) throws Exception {
        try {
            of(future);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(AriException.class);
            return (AriException) e.getCause();
        }
        throw new AssertionError("succeeded");
    }

    @Override
    public void up() {
        ups.incrementAndGet();
    }

    @Override
    public void down(String why) {}

    @Override
    public void arrived(AriEvent.StasisStart start) {
        events.add(start);
        wire.attach(start.channel().id(), hears);
    }

    @Override
    public void event(AriEvent event) {
        events.add(event);
    }

    @Override
    public void close() {
        wire.close();
        plant.close();
    }
}
