package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.stories.Doors.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operators, everybody's own password, and the keys of machines. */
abstract class OperatorsDoor {
    private static final String SECOND = "un second mot de passe";
    private final Doors doors;

    OperatorsDoor(Doors doors) {
        this.doors = doors;
    }

    private static String operator(String login, String password) {
        return "{\"login\":\"" + login + "\",\"name\":\"Ada Un\",\"password\":\"" + password + "\"}";
    }

    private static String change(String present, String wanted) {
        return "{\"presentPassword\":\"" + present + "\",\"newPassword\":\"" + wanted + "\"}";
    }

    private static String etag(Reply reply) {
        return reply.raw().headers().firstValue("ETag").orElseThrow();
    }

    @Test
    void aDrillOfARunbookIsRecordedShownAndInTheJournal() throws Exception {
        String runbooks = "/api/v1/operators/runbooks";
        String drills = runbooks + "/planned-switch/drills";
        doors.get(runbooks, doors.agency).problem(403);
        doors.json("POST", drills, doors.mayor, "{\"worked\":true}").problem(403);
        doors.json("POST", runbooks + "/eclipse/drills", doors.operator, "{\"worked\":true}")
                .problem(404);
        doors.json("POST", drills, doors.operator, "{\"seconds\":3}").problem(422, "worked");
        doors.json("POST", drills, doors.operator, "{\"worked\":true,\"seconds\":-1}")
                .problem(422, "seconds", "from 0 to 604800");
        doors.json("POST", drills, doors.operator, "{\"worked\":true,\"note\":\"" + "x".repeat(501) + "\"}")
                .problem(422, "note", "500");
        assertThat(standing(runbooks).get("last").isNull()).isTrue();
        assertThat(standing(runbooks).get("overdue").asBoolean()).isTrue();

        doors.json("POST", drills, doors.operator, "{\"worked\":true,\"seconds\":2.5,\"note\":\"de A vers B\"}")
                .ok(201);

        JsonNode standing = standing(runbooks);
        assertThat(standing.get("overdue").asBoolean()).isFalse();
        assertThat(standing.get("last").get("seconds").asDouble()).isEqualTo(2.5);
        assertThat(standing.get("last").get("note").asText()).isEqualTo("de A vers B");
        assertThat(doors.get("/api/v1/operators/journal?order=newest&limit=1", doors.operator)
                        .ok(200)
                        .json()
                        .at("/items/0/action")
                        .asText())
                .isEqualTo("runbook.drilled");
    }

    private JsonNode standing(String runbooks) throws Exception {
        for (JsonNode each : doors.get(runbooks, doors.operator).ok(200).json().get("items")) {
            if (each.get("runbook").asText().equals("planned-switch")) {
                return each;
            }
        }
        throw new AssertionError("planned-switch is no runbook");
    }

    @Test
    void operatorsAreMadeChangedAndSuspendedButForTheLast() throws Exception {
        doors.get("/api/v1/operators", doors.agency).problem(403);
        doors.json("POST", "/api/v1/operators", doors.mayor, operator("ada", Doors.PASSWORD))
                .problem(403);
        doors.json("POST", "/api/v1/operators", doors.operator, operator("Ada Un", Doors.PASSWORD))
                .problem(422, "login");
        doors.json("POST", "/api/v1/operators", doors.operator, operator("ada", "court"))
                .problem(422, "password", "12 characters");
        doors.json("POST", "/api/v1/operators", doors.operator, operator("maire@saint-aurel", Doors.PASSWORD))
                .problem(422, "login", "taken");
        doors.json("POST", "/api/v1/operators", doors.operator, "{\"login\":\"ada\"}")
                .problem(422, "name");
        Reply made = doors.json("POST", "/api/v1/operators", doors.operator, operator("ada", Doors.PASSWORD))
                .ok(201);
        assertThat(made.raw().body()).doesNotContain(Doors.PASSWORD, "argon2");
        String path = "/api/v1/operators/" + made.json().get("id").asInt();
        String ada = doors.token("ada", Doors.PASSWORD);
        assertThat(doors.get("/api/v1/operators", ada).ok(200).json().get("items"))
                .extracting(user -> user.get("login").asText())
                .contains("ada", "operator");
        doors.json("PUT", path, doors.operator, "{\"name\":\"Ada Deux\",\"state\":\"suspended\"}")
                .problem(428, "If-Match");
        doors.json("PUT", path, doors.operator, "{\"name\":\"Ada Deux\",\"state\":\"parti\"}", "If-Match", etag(made))
                .problem(422, "state");
        Reply suspended = doors.json(
                        "PUT",
                        path,
                        doors.operator,
                        "{\"name\":\"Ada Deux\",\"state\":\"suspended\"}",
                        "If-Match",
                        etag(made))
                .ok(200);
        doors.get("/api/v1/me", ada).problem(401);
        suspendAllBut("operator");
        JsonNode last =
                doors.get("/api/v1/operators", doors.operator).ok(200).json().get("items");
        int first = id(last, "operator");
        doors.json(
                        "PUT",
                        "/api/v1/operators/" + first,
                        doors.operator,
                        "{\"name\":\"Operator\",\"state\":\"suspended\"}",
                        "If-Match",
                        "\"" + version(last, "operator") + "\"")
                .problem(422, "state", "another operator first");
        doors.json("PUT", "/api/v1/operators/987654", doors.operator, "{\"name\":\"X\"}", "If-Match", "\"0\"")
                .problem(404);
        doors.json(
                        "PUT",
                        path,
                        doors.operator,
                        "{\"name\":\"Ada Deux\",\"state\":\"active\",\"password\":\"" + SECOND + "\"}",
                        "If-Match",
                        etag(suspended))
                .ok(200);
        doors.token("ada", SECOND);
        assertThat(doors.get("/api/v1/operators/journal?limit=1000", doors.operator)
                        .ok(200)
                        .json()
                        .get("items"))
                .filteredOn(entry -> entry.get("objectId").asText().equals("ada"))
                .extracting(entry -> entry.get("action").asText())
                .contains("user.created", "user.changed", "signin.accepted");
        assertThat(doors.get("/api/v1/operators/journal/integrity", doors.operator)
                        .ok(200)
                        .json()
                        .get("whole")
                        .asBoolean())
                .isTrue();
        doors.get("/api/v1/operators/journal", doors.agency).problem(403);

        JsonNode cluster =
                doors.get("/api/v1/operators/cluster", doors.operator).ok(200).json();
        assertThat(cluster.get("state").asText()).isEqualTo("alone");
        assertThat(cluster.get("nodes")).singleElement().satisfies(here -> assertThat(
                        here.get("here").asBoolean()
                                && here.get("database").asText().equals("primary")
                                && !here.get("connected").asBoolean())
                .as(here.toString())
                .isTrue());
        doors.get("/api/v1/operators/cluster", doors.agency).problem(403);
        assertThat(doors.get("/api/v1/state", null).ok(200).json().get("conditions"))
                .isEmpty();
    }

    private void suspendAllBut(String login) throws Exception {
        JsonNode all =
                doors.get("/api/v1/operators", doors.operator).ok(200).json().get("items");
        for (JsonNode user : all) {
            if (!user.get("login").asText().equals(login)) {
                doors.json(
                                "PUT",
                                "/api/v1/operators/" + user.get("id").asInt(),
                                doors.operator,
                                "{\"name\":\"Ada Deux\",\"state\":\"suspended\"}",
                                "If-Match",
                                "\"" + user.get("version").asInt() + "\"")
                        .ok(200);
            }
        }
    }

    private static int id(JsonNode users, String login) {
        return user(users, login).get("id").asInt();
    }

    private static int version(JsonNode users, String login) {
        return user(users, login).get("version").asInt();
    }

    private static JsonNode user(JsonNode users, String login) {
        for (JsonNode user : users) {
            if (user.get("login").asText().equals(login)) {
                return user;
            }
        }
        throw new AssertionError("no " + login + " in " + users);
    }

    @Test
    void everybodyChangesTheirOwnPassword() throws Exception {
        doors.json("POST", "/api/v1/operators", doors.operator, operator("eve", Doors.PASSWORD))
                .ok(201);
        doors.json("POST", Doors.TOWN + "/users", doors.mayor, Doors.user("adjoint@saint-aurel", "activator"))
                .ok(201);
        for (String login : List.of("eve", "adjoint@saint-aurel")) {
            String before = doors.token(login, Doors.PASSWORD);
            String other = doors.token(login, Doors.PASSWORD);
            String path = "/api/v1/me/password";
            doors.json("POST", path, null, change(Doors.PASSWORD, SECOND)).problem(401);
            doors.json("POST", path, before, change("ce n'est pas le mien", SECOND))
                    .problem(422, "presentPassword", "wait a minute");
            doors.json("POST", path, before, change(Doors.PASSWORD, "court"))
                    .problem(422, "newPassword", "12 characters");
            doors.json("POST", path, before, change(Doors.PASSWORD, Doors.PASSWORD))
                    .problem(422, "newPassword", "the present one");
            doors.json("POST", path, before, "{\"newPassword\":\"" + SECOND + "\"}")
                    .problem(422, "presentPassword");
            String after = doors.json("POST", path, before, change(Doors.PASSWORD, SECOND))
                    .ok(200)
                    .json()
                    .get("token")
                    .asText();
            doors.get("/api/v1/me", before).problem(401);
            doors.get("/api/v1/me", other).problem(401);
            doors.get("/api/v1/me", after).ok(200);
            doors.token(login, SECOND);
        }
        doors.json("POST", "/api/v1/me/password", doors.auditor, change(Doors.PASSWORD, SECOND))
                .problem(403, "API key");
    }

    @Test
    void agenciesAndOperatorsHaveKeysForMachines() throws Exception {
        String ofAgency = "/api/v1/agencies/agence-franc-comtoise/keys";
        doors.json("POST", ofAgency, doors.agency, "{\"label\":\"k\",\"roles\":[\"operator\"]}")
                .problem(422, "roles", "operator");
        doors.json("POST", ofAgency, doors.mayor, "{\"label\":\"k\",\"roles\":[\"auditor\"]}")
                .problem(403);
        doors.json("POST", ofAgency, doors.agency, "{\"roles\":[\"auditor\"]}").problem(422, "label");
        JsonNode made = doors.json("POST", ofAgency, doors.agency, "{\"label\":\"siem\",\"roles\":[\"auditor\"]}")
                .ok(201)
                .json();
        String key = made.get("secret").asText();
        String keyId = made.get("keyId").asText();
        doors.get(Doors.TOWN + "/journal", key).ok(200);
        doors.get(Doors.PLANT + "/journal", key).ok(200);
        doors.get(Doors.TOWN + "/contacts", key).problem(403);
        doors.json("POST", ofAgency, key, "{\"label\":\"k\",\"roles\":[\"auditor\"]}")
                .problem(403);
        Reply listed = doors.get(ofAgency, doors.agency).ok(200);
        assertThat(listed.raw().body()).contains("siem").doesNotContain(key);
        assertThat(listed.json().at("/items/0/lastUsedAt").asText()).isNotBlank();

        String ofPlatform = "/api/v1/operators/keys";
        doors.json("POST", ofPlatform, doors.agency, "{\"label\":\"k\",\"roles\":[\"operator\"]}")
                .problem(403);
        doors.json("POST", ofPlatform, doors.operator, "{\"label\":\"k\",\"roles\":[\"activator\"]}")
                .problem(422, "roles", "write operator");
        String machine = doors.json(
                        "POST", ofPlatform, doors.operator, "{\"label\":\"déploiement\",\"roles\":[\"operator\"]}")
                .ok(201)
                .json()
                .get("secret")
                .asText();
        doors.get("/api/v1/agencies", machine).ok(200);
        doors.json("POST", ofPlatform, machine, "{\"label\":\"k\",\"roles\":[\"operator\"]}")
                .problem(403, "API key");
        doors.json("POST", "/api/v1/operators", machine, operator("mallory", Doors.PASSWORD))
                .problem(403, "API key");
        doors.json(
                        "POST",
                        "/api/v1/agencies/agence-franc-comtoise/users",
                        machine,
                        "{\"login\":\"mallory@fc\",\"name\":\"M\",\"password\":\"" + Doors.PASSWORD + "\"}")
                .problem(403, "API key");
        doors.send("DELETE", ofPlatform + "/" + keyId, doors.operator, Doors.NOTHING)
                .problem(404);
        doors.send("DELETE", ofAgency + "/" + keyId, doors.agency, Doors.NOTHING)
                .ok(204);
        doors.send("DELETE", ofAgency + "/" + keyId, doors.agency, Doors.NOTHING)
                .problem(404);
        doors.get(Doors.TOWN + "/journal", key).problem(401);
    }
}
