package io.tocsin.channel.fax.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhoneHabits;
import io.tocsin.lab.people.PhoneHabits.Between;
import io.tocsin.lab.people.SeededCallees;
import io.tocsin.lab.phone.PlantOptions;
import io.tocsin.lab.phone.SimulatedPlant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many faxes at the simulated plant, among machines, people and lines that fail. */
class PlantFaxesTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Map<String, PhoneFate> FATES = Map.of(
            "1", PhoneFate.BUSY,
            "2", PhoneFate.UNALLOCATED,
            "3", PhoneFate.LISTENS,
            "4", PhoneFate.HANGS_UP,
            "5", PhoneFate.RINGS_OUT,
            "6", PhoneFate.DEAD_TRUNK);

    @TempDir
    private Path spool;

    private final RecordingEvents events = new RecordingEvents();
    private SimulatedPlant plant;
    private Channel channel;

    private void open(Map<String, PhoneFate> fates, int lines) throws Exception {
        PhoneHabits machines = PhoneHabits.builder()
                .ringing(Between.millis(10, 20))
                .deadTrunk(Duration.ofMillis(50))
                .fates(fates)
                .build();
        plant = SimulatedPlant.start(PlantOptions.builder()
                .amiPort(0)
                .talkScale(0.002)
                .faxes(new SeededCallees(machines, 1))
                .build());
        channel = new FaxChannelProvider()
                .open(
                        new ChannelAccount(
                                "plant",
                                Map.of(
                                        "host", "127.0.0.1",
                                        "port", Integer.toString(plant.amiPort().orElseThrow()),
                                        "user", "tocsin",
                                        "password", "tocsin",
                                        "dial", "PJSIP/{number}@carrier",
                                        "caller-id", "+33199001234",
                                        "ringing", "5s",
                                        "lines", Integer.toString(lines),
                                        "resolution", "standard",
                                        "spool", spool.toString())),
                        events);
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
    }

    @AfterEach
    void close() {
        channel.close();
        plant.close();
    }

    private CompletableFuture<SendOutcome> send(int n) {
        return channel.send(new OutboundMessage(
                        "plant-" + n,
                        "+3319900%04d".formatted(n),
                        Optional.empty(),
                        "fr",
                        "Exercice",
                        "Une page.\fUne autre.",
                        Optional.empty(),
                        Optional.empty(),
                        OutboundMessage.Category.OPERATIONAL,
                        true,
                        false))
                .toCompletableFuture();
    }

    private static SendOutcome of(CompletableFuture<SendOutcome> sent) throws Exception {
        return sent.get(2, TimeUnit.MINUTES);
    }

    private static String code(SendOutcome outcome) {
        return outcome instanceof Retry retry ? retry.code() : ((InDoubt) outcome).code();
    }

    @Test
    void eachKindOfEndIsToldApart() throws Exception {
        open(FATES, 10);
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = 0; n < 7; n++) {
            sent.add(send(n));
        }
        assertThat(of(sent.get(0))).isEqualTo(new Accepted("tocsin-fax-plant-0"));
        assertThat(code(of(sent.get(1)))).isEqualTo("busy");
        assertThat(of(sent.get(2))).isEqualTo(new Rejected("unallocated", Fault.ADDRESS));
        assertThat(code(of(sent.get(3)))).isEqualTo("no-fax-answered");
        assertThat(of(sent.get(4))).isEqualTo(new InDoubt("pages-1-of-2"));
        assertThat(code(of(sent.get(5)))).isEqualTo("no-answer");
        assertThat(code(of(sent.get(6)))).isEqualTo("trunk-dead");
        await().atMost(LIMIT).until(() -> events.receipts().size() == 1);
        assertThat(events.receipts().get(0).code()).isEqualTo("pages=2 station=+33199000000");
    }

    /** The link breaks again and again; every fax ends once, and nobody is called twice. */
    @Test
    void nothingIsLostOrDoubledWhenTheLinkBreaks() throws Exception {
        open(Map.of(), 60);
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            sent.add(send(n));
        }
        for (int begun : new int[] {8, 16, 24}) {
            await().atMost(LIMIT).until(() -> plant.counters().faxes() >= begun);
            plant.dropConnections();
        }
        int accepted = 0;
        for (CompletableFuture<SendOutcome> one : sent) {
            SendOutcome outcome = of(one);
            assertThat(outcome).isInstanceOfAny(Accepted.class, InDoubt.class, Retry.class);
            accepted += outcome instanceof Accepted ? 1 : 0;
        }
        int delivered = accepted;
        assertThat(delivered).isPositive();
        await().atMost(LIMIT).until(() -> events.receipts().size() == delivered);
        assertThat(events.receipts()).extracting(Receipt::state).containsOnly(Receipt.State.DELIVERED);
        assertThat(plant.severalByTelephone()).isEmpty();
        assertThat(plant.counters().faxes()).isGreaterThanOrEqualTo(accepted);
        await().atMost(LIMIT).until(() -> {
            try (var files = Files.list(spool)) {
                return files.findAny().isEmpty();
            }
        });
    }
}
