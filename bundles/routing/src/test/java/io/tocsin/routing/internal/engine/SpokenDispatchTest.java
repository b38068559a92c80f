package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.calls.Voices;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel that calls people is handed what is said as files, spoken by the real engine. */
class SpokenDispatchTest {
    private static TestDatabase db;

    @TempDir
    Path folder;

    private final ScriptedCarrier phones = new ScriptedCarrier(20).delivers();
    private Rig rig;
    private int tenant;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void setUp() {
        db.clear();
        tenant = db.tenant("commune");
        db.database().asEngine(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("insert into channel_endpoint_kind values ('voice', 'mobile')");
            }
        });
        rig = new Rig(db.database()).account(1, "voice", 1, null, tenant);
        rig.engine("node", Map.of("voice", phones));
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private long launch() {
        return rig.alert()
                .recipients(6)
                .text("Alerte, {{name}}. Montez à l'étage")
                .choice("1", "En sécurité")
                .step("voice", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
    }

    @Test
    void everybodyIsToldTheirOwnName() {
        Voices voices = new Voices(folder);
        rig.calls.bindSpeech(voices);

        long alert = launch();

        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 6);
        List<CallScript> calls = phones.sent().stream()
                .map(OutboundMessage::call)
                .map(call -> call.orElseThrow())
                .toList();
        assertThat(calls).hasSize(6).allSatisfy(call -> {
            assertThat(call.message()).hasSize(3).allSatisfy(file -> assertThat(file)
                    .isNotEmptyFile());
            assertThat(call.question().orElseThrow().keys()).containsOnlyKeys("1");
        });
        assertThat(calls).extracting(call -> call.message().get(1)).doesNotHaveDuplicates();
        assertThat(calls)
                .extracting(call -> call.message().get(2))
                .containsOnly(calls.get(0).message().get(2));
        assertThat(phones.sent()).extracting(OutboundMessage::text).contains("Alerte, Personne 1. Montez à l'étage");
        assertThat(voices.asked).as("each stretch once").doesNotHaveDuplicates();
    }

    @Test
    void withoutAnEngineNobodyIsCalledAndItIsKnownWhy() {
        long alert = launch();

        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).failed() == 6);
        assertThat(phones.sent()).isEmpty();
        assertThat(rig.totals(tenant, alert)).isEqualTo(new Totals(6, 0, 0, 6, 0, 0, 0));
    }
}
