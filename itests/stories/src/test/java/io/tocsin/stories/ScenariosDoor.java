package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What somebody prepares is looked at before it is saved, read again after, and tried on nobody but themselves. */
abstract class ScenariosDoor {
    private static final String CALLOUT = Doors.TOWN + "/scenarios/appel";
    private static final String DRAFT =
            """
            {"name":"Appel","category":"operational","lists":["astreinte"],
             "cascade":[{"channel":"sms","patience":"PT5M"}],"fallback-language":"fr",
             "messages":{"fr":{"sms":{"text":"Venez."}}}}
            """;

    private final Doors doors;

    ScenariosDoor(Doors doors) {
        this.doors = doors;
    }

    @Test
    void aDraftIsLookedAtAndNothingOfItIsKept() throws Exception {
        JsonNode good = check(DRAFT);
        assertThat(good.get("problems")).isEmpty();
        assertThat(good.at("/launch/people").asInt()).isPositive();
        assertThat(good.at("/launch/sampleTexts/fr.sms").asText()).isEqualTo("Venez.");

        JsonNode unsaveable = check(DRAFT.replace("Venez.", " "));
        assertThat(unsaveable.at("/problems/0/field").asText()).isEqualTo("messages.fr.sms.text");
        assertThat(unsaveable.hasNonNull("launch")).isFalse();
        JsonNode shapeless = check("{\"cascade\":7}");
        assertThat(shapeless.get("problems").toString()).contains("cascade", "must be a list", "name", "is missing");
        assertThat(check(DRAFT.replace("astreinte", "personne-ici"))
                        .at("/launch/problems")
                        .toString())
                .contains("personne-ici");

        doors.get(CALLOUT, doors.mayor).problem(404);
        doors.json("POST", CALLOUT + "/check", doors.auditor, DRAFT).problem(403);
        doors.json("POST", CALLOUT + "/check", doors.mayor, "{").problem(400);
    }

    @Test
    void everyVersionIsReadAgainAndNobodysIsOverwritten() throws Exception {
        String path = Doors.TOWN + "/scenarios/versions";
        put(path, DRAFT, 0).ok(200);
        put(path, DRAFT.replace("Venez.", "Venez vite."), 0).problem(412);
        put(path, DRAFT.replace("Venez.", "Venez vite."), 1).ok(200);

        JsonNode versions =
                doors.get(path + "/versions", doors.auditor).ok(200).json().get("items");
        assertThat(versions.findValuesAsText("version")).containsExactly("2", "1");
        assertThat(versions.findValuesAsText("savedBy")).containsOnly("maire@saint-aurel");
        assertThat(doors.get(path + "/versions/1", doors.auditor)
                        .ok(200)
                        .json()
                        .at("/messages/fr/sms/text")
                        .asText())
                .isEqualTo("Venez.");
        doors.get(path + "/versions/9", doors.mayor).problem(404, "Version 9");
        doors.get(Doors.TOWN + "/scenarios/nulle-part/versions", doors.mayor).problem(404);
        doors.send("DELETE", path, doors.mayor, Doors.NOTHING).ok(204);
        put(path, DRAFT, 0).ok(200);
        doors.send("DELETE", path, doors.mayor, Doors.NOTHING).ok(204);
    }

    @Test
    void aTrialGoesToOneselfOrToNobody() throws Exception {
        String path = Doors.TOWN + "/scenarios/essai";
        put(path, DRAFT, 0).ok(200);
        doors.json("POST", Doors.TOWN + "/users", doors.mayor, Doors.user("essayeur@saint-aurel", "activator"))
                .ok(201);
        String deputy = doors.token("essayeur@saint-aurel", Doors.PASSWORD);
        trial(path, deputy, "k1").problem(422, "essayeur@saint-aurel", "PUT trial-contact");
        trial(path, doors.auditor, "k2").problem(403);
        doors.json("POST", path + "/trials", deputy, "{}").problem(428, "Idempotency-Key");
        doors.json("PUT", Doors.TOWN + "/trial-contact", deputy, "{\"contactId\":999999999}")
                .problem(422, "contactId", "choose one of the directory");

        long contact = doors.get(Doors.TOWN + "/contacts?tag=astreinte&limit=1", doors.mayor)
                .ok(200)
                .json()
                .at("/items/0/id")
                .asLong();
        JsonNode me = doors.json("PUT", Doors.TOWN + "/trial-contact", deputy, "{\"contactId\":" + contact + "}")
                .ok(200)
                .json();
        assertThat(me.get("contactId").asLong()).isEqualTo(contact);
        assertThat(doors.get(Doors.TOWN + "/trial-contact", doors.mayor)
                        .ok(200)
                        .json()
                        .hasNonNull("contactId"))
                .as("another's choice is another's")
                .isFalse();

        JsonNode trial = trial(path, deputy, "k3").ok(200).json();
        assertThat(trial.get("recipients").asInt()).isEqualTo(1);
        assertThat(trial.get("drill").asBoolean()).isTrue();
        assertThat(trial(path, deputy, "k3").ok(200).json().get("alertId")).isEqualTo(trial.get("alertId"));
        doors.json("PUT", Doors.TOWN + "/trial-contact", doors.agency, "{\"contactId\":" + contact + "}")
                .ok(200);
        trial(path, doors.agency, "k4").problem(422, "consent", "has not agreed");
        String alert = Doors.TOWN + "/alerts/" + trial.get("alertId").asLong();
        doors.json("POST", alert + "/cancellation", deputy, "{}").ok(200);
        JsonNode prepared =
                doors.get(Doors.TOWN + "/scenarios", doors.mayor).ok(200).json().get("items");
        prepared.forEach(each -> assertThat(each.get("slug").asText().equals("essai") && each.hasNonNull("lastDrill"))
                .isFalse());
        doors.send("DELETE", path, doors.mayor, Doors.NOTHING).ok(204);
    }

    private JsonNode check(String draft) throws Exception {
        return doors.json("POST", CALLOUT + "/check", doors.mayor, draft)
                .ok(200)
                .json();
    }

    private Doors.Reply put(String path, String body, int version) throws Exception {
        return doors.json("PUT", path, doors.mayor, body, "If-Match", "\"" + version + "\"");
    }

    private Doors.Reply trial(String path, String token, String key) throws Exception {
        return doors.json("POST", path + "/trials", token, "{}", "Idempotency-Key", key);
    }
}
