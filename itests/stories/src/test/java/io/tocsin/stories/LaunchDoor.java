package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Launches that lack something name it. */
abstract class LaunchDoor {
    private final Doors doors;

    LaunchDoor(Doors doors) {
        this.doors = doors;
    }

    @Test
    void aLaunchNeedsAKeyAndEverythingItNames() throws Exception {
        List<String> before = alerts();
        doors.json("POST", Doors.TOWN + "/alerts", doors.mayor, "{\"scenario\":\"inondation\",\"drill\":true}")
                .problem(428, "Idempotency-Key");
        doors.json(
                        "POST",
                        Doors.TOWN + "/alerts",
                        doors.mayor,
                        "{\"scenario\":\"inondation\",\"drill\":true}",
                        "Idempotency-Key",
                        "x".repeat(200))
                .problem(428, "1 to 128");
        doors.launch("{\"drill\":true}").problem(422, "scenario", "missing");
        doors.launch("{\"scenario\":\"tempete\",\"drill\":true}").problem(422, "scenario", "tempete");
        doors.launch("{\"scenario\":\"inondation\",\"drill\":true,\"lists\":[\"quartier-haut\"]}")
                .problem(422, "quartier-haut");
        doors.launch("{\"scenario\":\"inondation\",\"drill\":true,\"lists\":[]}")
                .problem(422, "lists", "at least one");
        doors.launch("{\"scenario\":\"inondation\",\"drill\":true,\"variables\":{\"couleur\":\"rouge\"}}")
                .problem(422, "variables.couleur", "point_rassemblement");
        doors.launch("{\"scenario\":\"inondation\",\"drill\":true,\"variables\":{\"answer_url\":\"http://x\"}}")
                .problem(422, "variables.answer_url", "leave it out");
        doors.launch("{\"scenario\":\"inondation\",\"drill\":true,\"patience\":\"PT0S\"}")
                .problem(422, "patience");
        doors.json(
                        "PUT",
                        Doors.TOWN + "/lists/personne",
                        doors.mayor,
                        "{\"name\":\"Personne\",\"kind\":\"tags\",\"allTags\":[\"licorne\"]}")
                .ok(200);
        doors.launch("{\"scenario\":\"inondation\",\"drill\":true,\"lists\":[\"personne\"]}")
                .problem(422, "lists", "nobody is in", "choose others");
        assertThat(alerts()).as("nothing was launched").isEqualTo(before);
    }

    @Test
    void theListAndWhomNobodyReachesSayWhatTheyTake() throws Exception {
        doors.get(Doors.TOWN + "/alerts?kind=essai", doors.mayor)
                .problem(422, "kind", "alert, drill, trial or follow-up");
        doors.get(Doors.TOWN + "/alerts?kind=trial", doors.mayor).ok(200);
        String launch = "{\"scenario\":\"inondation\",\"drill\":true}";
        String unreachable = Doors.TOWN + "/alerts/preview/unreachable";
        doors.json("POST", unreachable, doors.mayor, launch).ok(200);
        doors.json("POST", unreachable + "?after=x", doors.mayor, launch)
                .problem(422, "after", "next of the page before");
        doors.json("POST", unreachable + "?after=999999999", doors.mayor, launch)
                .problem(422, "after", "from the beginning");
        doors.json("POST", unreachable, doors.mayor, "{\"drill\":true}").problem(422, "scenario", "missing");
        doors.json(
                        "POST",
                        unreachable,
                        doors.mayor,
                        "{\"scenario\":\"inondation\",\"drill\":true,\"lists\":[\"quartier-haut\"]}")
                .problem(422, "quartier-haut");
    }

    /** By number: other doors launch as well. */
    private List<String> alerts() throws Exception {
        return doors.get(Doors.TOWN + "/alerts", doors.mayor).ok(200).json().findValuesAsText("alertId");
    }

    @Test
    void aMissingVariableNamesTheContactsThatLackIt() throws Exception {
        doors.json(
                        "PUT",
                        Doors.TOWN + "/scenarios/porte-a-porte",
                        doors.mayor,
                        """
                        {"name":"Porte à porte","category":"operational","lists":["tous-les-agents"],
                         "cascade":[{"channel":"sms","patience":"PT5M"}],"fallback-language":"fr",
                         "messages":{"fr":{"sms":{"text":"Sonnez chez {{first_name}}, code {{code}}."}}}}
                        """)
                .ok(200);
        doors.launch("{\"scenario\":\"porte-a-porte\",\"drill\":true}")
                .problem(422, "variables.code", "AG-0", "complete the contacts");
        JsonNode preview = doors.json(
                        "POST",
                        Doors.TOWN + "/alerts/preview",
                        doors.mayor,
                        "{\"scenario\":\"porte-a-porte\",\"drill\":true}")
                .ok(200)
                .json();
        assertThat(preview.get("problems").toString()).contains("variables.code", "AG-0");
        doors.json("PUT", Doors.TOWN + "/scenarios/porte-a-porte", doors.mayor, "{\"name\":\"P\",\"cascade\":[]}")
                .problem(422, "category", "messages", "fallback-language");
    }
}
