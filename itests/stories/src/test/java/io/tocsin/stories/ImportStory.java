package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A clerk brings in the register of inhabitants: watches it come in, finds who lives together, and takes it back. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImportStory {
    private static final int ROWS = 20_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CONTACTS = "/api/v1/tenants/" + Combe.SLUG + "/contacts";
    private static final String IMPORTS = "/api/v1/tenants/" + Combe.SLUG + "/imports";

    @TempDir
    static Path folder;

    private static RunningNode node;
    private static Api api;
    private static long imported;

    @BeforeAll
    static void start() {
        // No carrier is needed: nothing is sent.
        node = Combe.of(10).sms("sms", 10, 9, 0).start(Map.of("TOCSIN_SECRET_SMS", "nobody"));
        api = Watched.signIn(node);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    @Order(1)
    void progressOfARunningImportIsSeenAtTheDoor() throws Exception {
        Path file = folder.resolve("registre.csv");
        StringBuilder rows = new StringBuilder("Id;Nom;Courriel;Foyer\n");
        for (int i = 0; i < ROWS; i++) {
            rows.append("r%05d;Nom%d;r%05d@combe.example;R%04d%n".formatted(i, i / 4, i, i / 4));
        }
        Files.writeString(file, rows);
        // Somebody edits one of these people: the import has read its rows and waits for the one.
        api.post(
                        CONTACTS,
                        Map.of(
                                "externalId", "r00000",
                                "lastName", "Nom0",
                                "legalBasis", "sauvegarde de la population",
                                "addresses", List.of("r00000@combe.example")))
                .expect(201);
        try (Connection editor = node.database();
                Statement edit = editor.createStatement()) {
            editor.setAutoCommit(false);
            edit.execute("select from contact where external_id = 'r00000' for update");
            imported = upload(file);
            JsonNode running = await("all rows are read")
                    .atMost(LIMIT)
                    .until(() -> run(imported), run -> run.get("rowsRead").asInt() == ROWS);
            assertThat(running.get("state").asText()).isEqualTo("running");
            assertThat(running.get("added").asInt()).isZero();
            assertThat(running.hasNonNull("endedAt")).isFalse();
            editor.rollback();
        }
        JsonNode done = await("the import has ended")
                .atMost(LIMIT)
                .until(() -> run(imported), run -> !run.get("state").asText().equals("running"));
        assertThat(done.get("state").asText()).as(done.toString()).isEqualTo("done");
        assertThat(done.get("added").asInt() + done.get("changed").asInt()).isEqualTo(ROWS);
    }

    @Test
    @Order(2)
    void aHouseholdIsAskedForAndItsMembersAreInEachOnesView() throws Exception {
        JsonNode members = api.get(CONTACTS + "?household=R0000").expect(200).get("items");
        assertThat(externalIds(members)).containsExactlyInAnyOrder("r00000", "r00001", "r00002", "r00003");
        assertThat(externalIds(api.get(CONTACTS + "?household=R0000&search=r00002")
                        .expect(200)
                        .get("items")))
                .containsExactly("r00002");
        assertThat(api.get(CONTACTS + "?household=R9999").expect(200).get("items"))
                .isEmpty();

        Api.Answer one = api.get(CONTACTS + "/" + members.get(0).get("id").asLong());
        assertThat(one.raw().headers().firstValue("ETag")).isPresent();
        JsonNode view = one.expect(200);
        assertThat(view.get("household").asText()).isEqualTo("R0000");
        assertThat(externalIds(view.get("householdMembers")))
                .hasSize(3)
                .doesNotContain(view.get("externalId").asText());

        JsonNode alone = api.post(
                        CONTACTS,
                        Map.of(
                                "externalId", "seul",
                                "lastName", "Seul",
                                "legalBasis", "sauvegarde de la population",
                                "addresses", List.of("seul@combe.example")))
                .expect(201);
        assertThat(alone.get("householdMembers")).isEmpty();
    }

    @Test
    @Order(3)
    void anImportIsTakenBackAtTheDoor() throws Exception {
        assertThat(api.post(IMPORTS + "/" + imported + "/rollback", Map.of())
                        .expect(200)
                        .get("state")
                        .asText())
                .isEqualTo("rolled-back");
        assertThat(externalIds(
                        api.get(CONTACTS + "?household=R0000").expect(200).get("items")))
                .as("a household that the file told of")
                .isEmpty();
        assertThat(externalIds(api.get(CONTACTS + "?search=r00000").expect(200).get("items")))
                .as("who was there before the file")
                .containsExactly("r00000");
        Api.Answer twice = api.post(IMPORTS + "/" + imported + "/rollback", Map.of());
        assertThat(twice.status()).isEqualTo(422);
        assertThat(twice.raw().body()).contains("rolled back already");
    }

    private static long upload(Path file) throws Exception {
        return api.upload(
                        IMPORTS + "?fileName=registre.csv&source=registre&legalBasis="
                                + Api.query("sauvegarde de la population"),
                        file)
                .expect(202)
                .get("id")
                .asLong();
    }

    private static JsonNode run(long id) throws Exception {
        return api.get(IMPORTS + "/" + id).expect(200);
    }

    private static List<String> externalIds(JsonNode contacts) {
        List<String> ids = new ArrayList<>();
        contacts.forEach(contact -> ids.add(contact.get("externalId").asText()));
        return ids;
    }
}
