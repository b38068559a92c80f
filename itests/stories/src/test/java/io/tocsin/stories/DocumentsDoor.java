package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A PDF comes in, is looked at by a process of its own, and goes out as it came; what is none is told why. */
abstract class DocumentsDoor {
    private static final String PLAN = Doors.TOWN + "/documents/plan";
    private static final String PDF = "application/pdf";
    private static final String ONE_PAGE =
            """
            %PDF-1.4
            1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
            2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
            3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj
            trailer <</Root 1 0 R>>
            %%EOF
            """;

    private final Doors doors;

    DocumentsDoor(Doors doors) {
        this.doors = doors;
    }

    private Doors.Reply put(String path, String token, String body) throws Exception {
        return doors.send("PUT", path, token, body.getBytes(StandardCharsets.US_ASCII), "Content-Type", PDF);
    }

    @Test
    void aScenarioPrintsWhatIsThereAndNothingElse() throws Exception {
        String scenario =
                """
                {"name":"Évacuation","category":"operational","lists":["tous-les-agents"],
                 "cascade":[{"channel":"fax","patience":"PT5M"}],"fallback-language":"fr",
                 "messages":{"fr":{"fax":{"text":"{{document.plan}}"}}}}
                """;
        doors.json(
                        "PUT",
                        Doors.TOWN + "/scenarios/fax-plan",
                        doors.mayor,
                        scenario.replace("\"fax\":{\"text\":\"", "\"fax\":{\"text\":\"{{document.plan}} "))
                .problem(422, "messages.fr.fax.text", "a fax prints one");
        doors.json("PUT", Doors.TOWN + "/scenarios/fax-plan", doors.mayor, scenario)
                .ok(200);
        String preview = "{\"scenario\":\"fax-plan\",\"drill\":true}";
        assertThat(problems(preview)).contains("PUT documents/plan");

        JsonNode saved =
                put(PLAN + "?name=Le%20plan", doors.mayor, ONE_PAGE).ok(200).json();
        assertThat(saved.get("pages").asInt()).isEqualTo(1);
        assertThat(saved.get("name").asText()).isEqualTo("Le plan");
        assertThat(doors.get(PLAN, doors.mayor).ok(200).json()).isEqualTo(saved);
        assertThat(doors.get(Doors.TOWN + "/documents", doors.auditor)
                        .ok(200)
                        .json()
                        .get("items"))
                .containsExactly(saved);
        Doors.Reply out = doors.send("GET", PLAN, doors.mayor, Doors.NOTHING, "Accept", PDF)
                .ok(200);
        assertThat(out.type()).isEqualTo(PDF);
        assertThat(out.raw().body()).isEqualTo(ONE_PAGE);
        assertThat(problems(preview)).doesNotContain("documents/plan");

        doors.send("DELETE", PLAN, doors.mayor, Doors.NOTHING).problem(422, "fax-plan", "take {{document.plan}} out");
        doors.send("DELETE", Doors.TOWN + "/scenarios/fax-plan", doors.mayor, Doors.NOTHING)
                .ok(204);
        doors.send("DELETE", PLAN, doors.mayor, Doors.NOTHING).ok(204);
        doors.get(PLAN, doors.mayor).problem(404);
    }

    @Test
    void whatIsNoDocumentIsNamedWithTheCure() throws Exception {
        put(PLAN, doors.mayor, "hello").problem(422, "body", "is no PDF");
        put(PLAN, doors.mayor, "%PDF-1.4 and then nothing").problem(422, "body", "damaged");
        put(PLAN, doors.mayor, ONE_PAGE + "%".repeat(21 << 20)).problem(413, "20 MiB");
        put(Doors.TOWN + "/documents/Plan", doors.mayor, ONE_PAGE).problem(422, "slug", "a-z");
        doors.json("PUT", PLAN, doors.mayor, "{}").problem(415);
        put(PLAN, doors.auditor, ONE_PAGE).problem(403);
        put(PLAN, null, ONE_PAGE).problem(401);
        put(Doors.PLANT + "/documents/plan", doors.mayor, ONE_PAGE).problem(404);
        doors.get(PLAN, doors.mayor).problem(404);
    }

    private String problems(String launch) throws Exception {
        return doors.json("POST", Doors.TOWN + "/alerts/preview", doors.mayor, launch)
                .ok(200)
                .json()
                .get("problems")
                .toString();
    }
}
