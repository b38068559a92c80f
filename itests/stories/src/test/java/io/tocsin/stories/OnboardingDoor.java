package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.stories.Doors.Reply;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agency makes a tenant out of nothing but requests. */
abstract class OnboardingDoor {
    private final Doors doors;

    OnboardingDoor(Doors doors) {
        this.doors = doors;
    }

    @Test
    void anAgencyOnboardsATenantWhollyByTheApiAndAlertsWithIt() throws Exception {
        String path = "/api/v1/tenants/clinique-des-sources";
        doors.json(
                        "POST",
                        "/api/v1/tenants",
                        doors.agency,
                        "{\"slug\":\"clinique-des-sources\",\"name\":\"Clinique des Sources\",\"kind\":\"hopital\",\"smsSender\":\"38999\"}")
                .ok(201);
        doors.json(
                        "POST",
                        "/api/v1/tenants",
                        doors.agency,
                        "{\"slug\":\"Clinique !\",\"name\":\"C\",\"kind\":\"hopital\"}")
                .problem(422, "slug");
        doors.json(
                        "POST",
                        "/api/v1/tenants",
                        doors.agency,
                        "{\"slug\":\"autre\",\"name\":\"C\",\"kind\":\"hopital\",\"agency\":\"ailleurs\"}")
                .problem(422, "agency");
        doors.json(
                        "POST",
                        "/api/v1/tenants",
                        doors.agency,
                        "{\"slug\":\"autre\",\"name\":\"C\",\"kind\":\"hopital\",\"smsSender\":\"alert\",\"maxContacts\":-1}")
                .problem(422, "\"smsSender\"", "\"maxContacts\"");
        int unit = doors.json("POST", path + "/units", doors.agency, "{\"slug\":\"garde\",\"name\":\"Garde\"}")
                .ok(201)
                .json()
                .get("id")
                .asInt();
        doors.json(
                        "POST",
                        path + "/users",
                        doors.agency,
                        Doors.user("garde@sources", "activator").replace("}", ",\"unitId\":" + unit + "}"))
                .ok(201);
        doors.json("POST", path + "/users", doors.agency, Doors.user("garde@sources", "activator"))
                .problem(422, "login");
        doors.json(
                        "POST",
                        path + "/users",
                        doors.agency,
                        Doors.user("autre@sources", "activator").replace(Doors.PASSWORD, "court"))
                .problem(422, "password");
        String mail =
                """
                {"slug":"mail","channel":"mail","settings":{"host":"127.0.0.1","port":"%d","security":"none","user":"tocsin",
                 "password":"%s","from":"garde@sources.example"}}
                """;
        doors.json("POST", path + "/accounts", doors.agency, mail.formatted(doors.carriers.mail.smtpPort(), "en clair"))
                .problem(422, "password", "secret:");
        doors.json(
                        "POST",
                        path + "/accounts",
                        doors.agency,
                        mail.formatted(doors.carriers.mail.smtpPort(), "secret:lab-mail"))
                .problem(422, "password", "operator");
        doors.json(
                        "POST",
                        path + "/accounts",
                        doors.operator,
                        mail.formatted(doors.carriers.mail.smtpPort(), "secret:lab-mail"))
                .ok(201);
        Reply started = doors.send(
                        "POST",
                        path + "/imports?fileName=equipe.csv&source=equipe&legalBasis=contrat&tag=equipe",
                        doors.agency,
                        "Matricule;Nom;Prénom;Mobile\nC1;Un;Anne;06 39 98 30 01\nC2;Deux;Bob;06.39.98.30.02\n"
                                .getBytes(Charset.forName("windows-1252")),
                        "Content-Type",
                        "text/csv")
                .ok(202);
        await("the team is there").atMost(Desk.LIMIT).until(() -> doors.get(
                        path + "/imports/" + started.json().get("id").asLong(), doors.agency)
                .json()
                .get("state")
                .asText()
                .equals("done"));
        doors.json(
                        "PUT",
                        path + "/lists/equipe",
                        doors.agency,
                        "{\"name\":\"Équipe\",\"kind\":\"tags\",\"allTags\":[\"equipe\"]}")
                .ok(200);
        doors.json(
                        "PUT",
                        path + "/scenarios/plan-blanc",
                        doors.agency,
                        """
                        {"name":"Plan blanc","category":"life-safety","lists":["equipe"],
                         "cascade":[{"channel":"sms","patience":"PT5M"}],"fallback-language":"fr",
                         "messages":{"fr":{"sms":{"text":"Plan blanc : {{first_name}}, rejoignez la clinique."}}}}
                        """)
                .ok(200);
        String guard = doors.token("garde@sources", Doors.PASSWORD);
        await("its own account is up, and the one its agency shares")
                .atMost(Desk.LIMIT)
                .untilAsserted(() -> assertThat(doors.get(path + "/accounts", doors.agency)
                                .ok(200)
                                .json()
                                .get("items"))
                        .hasSize(2)
                        .allSatisfy(account -> assertThat(
                                        account.at("/status/health/state").asText())
                                .isEqualTo("UP")));
        doors.json(
                        "POST",
                        path + "/alerts",
                        guard,
                        "{\"scenario\":\"plan-blanc\",\"drill\":false}",
                        "Idempotency-Key",
                        "pb")
                .ok(201);
        await("both have it").atMost(Desk.LIMIT).until(() -> doors.carriers.smsc.messages().stream()
                .filter(m -> m.text().startsWith("Plan blanc : "))
                .map(m -> m.destination())
                .sorted()
                .toList()
                .equals(List.of("+33639983001", "+33639983002")));
        doors.json("POST", path + "/suspension", doors.agency, "{\"reason\":\"essai\"}")
                .ok(200);
        doors.get("/api/v1/me", guard).problem(401);
        doors.send("DELETE", path + "/suspension", doors.agency, Doors.NOTHING).ok(200);
        doors.json(
                        "POST",
                        "/api/v1/agencies",
                        doors.operator,
                        "{\"slug\":\"agence-du-nord\",\"name\":\"Agence du Nord\"}")
                .ok(201);
        doors.json("POST", "/api/v1/agencies", doors.operator, "{\"slug\":\"agence-du-nord\",\"name\":\"Encore\"}")
                .problem(422, "slug");
    }

    @Test
    void aSuspendedAgencyIsClosedAndItsTenantsAreNot() throws Exception {
        String agency = "/api/v1/agencies/agence-du-littoral";
        doors.json(
                        "POST",
                        "/api/v1/agencies",
                        doors.operator,
                        "{\"slug\":\"agence-du-littoral\",\"name\":\"Littoral\"}")
                .ok(201);
        doors.json("POST", agency + "/users", doors.operator, Doors.user("aide@littoral", "agency-admin"))
                .problem(400, "roles");
        String agent = "{\"login\":\"aide@littoral\",\"name\":\"Aide\",\"password\":\"" + Doors.PASSWORD + "\"}";
        doors.json("POST", agency + "/users", doors.operator, agent).ok(201);
        String token = doors.token("aide@littoral", Doors.PASSWORD);
        doors.json("POST", "/api/v1/tenants", token, "{\"slug\":\"plage\",\"name\":\"Plage\",\"kind\":\"commune\"}")
                .ok(201);
        doors.json("POST", "/api/v1/tenants/plage/users", token, Doors.user("maire@plage", "tenant-admin"))
                .ok(201);
        String mayor = doors.token("maire@plage", Doors.PASSWORD);

        doors.json("POST", agency + "/suspension", token, "{\"reason\":\"moi-même\"}")
                .problem(403);
        doors.json("POST", agency + "/suspension", doors.agency, "{\"reason\":\"rivale\"}")
                .problem(404);
        doors.json("POST", agency + "/suspension", doors.operator, "{\"reason\":\" \"}")
                .problem(422, "reason");
        assertThat(doors.json("POST", agency + "/suspension", doors.operator, "{\"reason\":\"fin du contrat\"}")
                        .ok(200)
                        .json()
                        .get("state")
                        .asText())
                .isEqualTo("suspended");
        doors.get("/api/v1/me", token).problem(401);
        doors.get("/api/v1/tenants/plage/readiness", mayor).ok(200);
        doors.send("DELETE", agency + "/suspension", doors.operator, Doors.NOTHING)
                .ok(200);
        doors.get("/api/v1/me", token).ok(200);
        assertThat(doors.get("/api/v1/operators/journal?limit=1000", doors.operator)
                        .ok(200)
                        .json()
                        .get("items"))
                .filteredOn(entry -> entry.get("objectId").asText().equals("agence-du-littoral"))
                .extracting(entry -> entry.get("action").asText())
                .containsExactly("agency.created", "agency.suspended", "agency.reinstated");
    }
}
