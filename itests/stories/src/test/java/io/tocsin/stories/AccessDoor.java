package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Who may pass: by token, by role, by tenant; and who guesses too often does not. */
abstract class AccessDoor {
    private final Doors doors;

    AccessDoor(Doors doors) {
        this.doors = doors;
    }

    @Test
    void withoutATokenOrWithoutTheRoleNothingPasses() throws Exception {
        doors.get(Doors.TOWN + "/alerts", null).problem(401, "Bearer");
        assertThat(doors.get(Doors.TOWN + "/alerts", null).raw().headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer");
        doors.get(Doors.TOWN + "/alerts", "tsk_0123456789abcdef_" + "x".repeat(40))
                .problem(401);
        doors.get(Doors.TOWN + "/alerts", "eee").problem(401);
        doors.get("/api/v1/streams/tenants/saint-aurel-sur-loue/alerts/1", null).problem(401);
        doors.get(Doors.TOWN + "/journal", doors.auditor).ok(200);
        doors.json(
                        "POST",
                        Doors.TOWN + "/alerts",
                        doors.auditor,
                        "{\"scenario\":\"inondation\",\"drill\":true}",
                        "Idempotency-Key",
                        "a")
                .problem(403, "role");
        doors.get(Doors.TOWN + "/contacts", doors.auditor).problem(403);
        doors.json("POST", "/api/v1/agencies", doors.mayor, "{\"slug\":\"a\",\"name\":\"A\"}")
                .problem(403);
        doors.json("POST", "/api/v1/tenants", doors.mayor, "{}").problem(403);
        doors.json("POST", Doors.TOWN + "/users", doors.mayor, Doors.user("chef@saint-aurel", "operator"))
                .problem(422, "roles", "tenant-admin");
        doors.json("POST", Doors.TOWN + "/keys", doors.agency, "{\"label\":\"k\",\"roles\":[\"activator\"]}")
                .problem(422, "roles", "the organisation's own people");
        doors.json("POST", Doors.TOWN + "/keys", doors.mayor, "{\"label\":\"k\",\"roles\":[\"roi\"]}")
                .problem(422, "roles");
    }

    @Test
    void aKeptSessionIsGoodForARenewalFromItsOwnPageAndNothingElse() throws Exception {
        String mayor = "{\"login\":\"maire@saint-aurel\",\"password\":\"" + Doors.PASSWORD + "\"";
        assertThat(doors.json("POST", "/api/v1/sessions", null, mayor + "}")
                        .ok(200)
                        .raw()
                        .headers()
                        .firstValue("Set-Cookie"))
                .isEmpty();
        Doors.Reply signedIn = doors.json("POST", "/api/v1/sessions", null, mayor + ",\"keep\":true}")
                .ok(200);
        String set = signedIn.raw().headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set)
                .startsWith("__Secure-tocsin=tb_")
                .contains("; Path=/api/v1/sessions;", "; Secure", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Max-Age", "Expires", "Domain");
        String cookie = set.substring(0, set.indexOf(';'));

        doors.send("GET", "/api/v1/me", null, Doors.NOTHING, "Cookie", cookie).problem(401);
        doors.send("DELETE", "/api/v1/sessions/current", null, Doors.NOTHING, "Cookie", cookie)
                .problem(401);
        for (String site : List.of("cross-site", "same-site", "none")) {
            doors.send(
                            "POST",
                            "/api/v1/sessions/renewal",
                            null,
                            Doors.NOTHING,
                            "Cookie",
                            cookie,
                            "Sec-Fetch-Site",
                            site)
                    .problem(401, "sign in again");
        }
        Doors.Reply renewed = doors.send(
                        "POST",
                        "/api/v1/sessions/renewal",
                        null,
                        Doors.NOTHING,
                        "Cookie",
                        cookie,
                        "Sec-Fetch-Site",
                        "same-origin")
                .ok(200);
        String token = renewed.json().get("token").asText();
        assertThat(renewed.raw().headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(again -> assertThat(again).startsWith("__Secure-tocsin=" + token + ";"));
        doors.get("/api/v1/me", token).ok(200);

        // A token renews itself, and asks for no cookie.
        assertThat(doors.send("POST", "/api/v1/sessions/renewal", token, Doors.NOTHING)
                        .ok(200)
                        .raw()
                        .headers()
                        .firstValue("Set-Cookie"))
                .isEmpty();
        Doors.Reply out = doors.send("DELETE", "/api/v1/sessions/current", token, Doors.NOTHING)
                .ok(204);
        assertThat(out.raw().headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(
                        gone -> assertThat(gone).startsWith("__Secure-tocsin=;").contains("Max-Age=0"));
        doors.get("/api/v1/me", signedIn.json().get("token").asText()).problem(401);
        doors.send("POST", "/api/v1/sessions/renewal", null, Doors.NOTHING, "Cookie", cookie)
                .problem(401);
        doors.send("POST", "/api/v1/sessions/renewal", null, Doors.NOTHING, "Cookie", "__Secure-tocsin=nonsense")
                .problem(401);
        doors.send("POST", "/api/v1/sessions/renewal", doors.auditor, Doors.NOTHING)
                .problem(401);
    }

    @Test
    void anotherTenantsThingsDoNotExist() throws Exception {
        long contact = doors.get(Doors.TOWN + "/contacts?limit=1", doors.mayor)
                .ok(200)
                .json()
                .at("/items/0/id")
                .asLong();
        long run = doors.get(Doors.TOWN + "/imports", doors.mayor)
                .ok(200)
                .json()
                .at("/items/0/id")
                .asLong();
        String director = doors.token("directeur@valchimie", Doors.PASSWORD);
        for (String path : List.of(
                "",
                "/contacts",
                "/contacts/" + contact,
                "/alerts",
                "/alerts/1",
                "/imports/" + run,
                "/journal",
                "/users",
                "/accounts",
                "/folder",
                "/scenarios/inondation",
                "/lists/population")) {
            doors.get(Doors.TOWN + path, director).problem(404, "does not exist, or is not yours");
        }
        doors.get("/api/v1/streams/tenants/saint-aurel-sur-loue/alerts/1", director)
                .problem(404);
        doors.get(Doors.PLANT + "/contacts/" + contact, director).problem(404);
        doors.get(Doors.PLANT + "/imports/" + run, director).problem(404);
        doors.get(Doors.PLANT + "/imports/" + run + "/errors", director).problem(404);
        doors.get(Doors.PLANT + "/scenarios/inondation", director).problem(404);
        doors.get(Doors.PLANT + "/alerts/987654/evidence", director).problem(404);
        doors.json(
                        "PUT",
                        Doors.PLANT + "/lists/x",
                        director,
                        "{\"name\":\"X\",\"kind\":\"nested\",\"includes\":[\"quartier-bas\"]}")
                .problem(422, "quartier-bas");
        assertThat(doors.get("/api/v1/tenants", director).ok(200).json().get("items"))
                .hasSize(1);
        doors.get("/api/v1/tenants/nulle-part", doors.operator).problem(404);
    }

    @Test
    void guessingAPasswordLocksTheLogin() throws Exception {
        Function<String, String> credentials =
                password -> "{\"login\":\"dga@saint-aurel\",\"password\":\"" + password + "\"}";
        doors.json("POST", "/api/v1/sessions", null, credentials.apply(Doors.PASSWORD))
                .ok(200);
        for (int i = 0; i < 5; i++) {
            doors.json("POST", "/api/v1/sessions", null, credentials.apply("essai numéro " + i))
                    .problem(401, "wait a minute");
        }
        doors.json("POST", "/api/v1/sessions", null, credentials.apply(Doors.PASSWORD))
                .problem(401, "wait a minute");
        doors.json("POST", "/api/v1/sessions", null, "{\"login\":\"personne@nulle-part\",\"password\":\"x\"}")
                .problem(401);
        doors.json("POST", "/api/v1/sessions", null, "{\"login\":\"maire@saint-aurel\"}")
                .problem(422, "password");
    }
}
