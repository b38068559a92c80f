package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A crowd of any size as a contact file, brought in through the import door. Numbers come from the range that ARCEP
 * reserves for fiction; beyond its 10,000 numbers several people share one.
 */
final class Crowd {
    private static final int RESERVED_NUMBERS = 10_000;

    private Crowd() {}

    /** Imports {@code people} contacts tagged {@code crowd-N} and makes the list of them. @return the list's slug */
    static String enlist(Api api, String tenant, int people) throws IOException, InterruptedException {
        String slug = "crowd-" + people;
        Path file = Files.createTempFile("crowd", ".csv");
        try {
            write(file, people);
            JsonNode run = api.upload(
                            "/api/v1/tenants/" + tenant + "/imports?fileName=crowd.csv&source=" + slug + "&legalBasis="
                                    + Api.query("mission d'intérêt public") + "&tag=" + slug,
                            file)
                    .expect(202);
            await(api, "/api/v1/tenants/" + tenant + "/imports/" + run.get("id").asLong());
        } finally {
            Files.deleteIfExists(file);
        }
        api.put(
                        "/api/v1/tenants/" + tenant + "/lists/" + slug,
                        Map.of("name", "Foule de " + people, "kind", "tags", "allTags", List.of(slug)),
                        Map.of())
                .expect(200);
        return slug;
    }

    static void write(Path file, int people) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("identifiant;nom;prénom;mobile;courriel;langue\n");
            for (int i = 0; i < people; i++) {
                out.write(String.format(
                        "c%07d;Nom%d;Prénom%d;+33639%06d;personne%d@example.fr;fr%n",
                        i, i, i, 980_000 + i % RESERVED_NUMBERS, i));
            }
        }
    }

    private static void await(Api api, String run) throws IOException, InterruptedException {
        while (true) {
            JsonNode now = api.get(run).expect(200);
            switch (now.get("state").asText()) {
                case "queued", "running" -> Progress.pause(Duration.ofMillis(300));
                case "done" -> {
                    return;
                }
                default -> throw new IllegalStateException("the import ended as " + now);
            }
        }
    }
}
