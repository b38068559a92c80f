package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Carrier accounts: one login, one account; and one whose channel is not there says so. */
abstract class AccountsDoor {
    private final Doors doors;

    AccountsDoor(Doors doors) {
        this.doors = doors;
    }

    private String sms(String slug, String secret) {
        return """
                {"slug":"%s","channel":"sms","settings":{"host":"127.0.0.1","port":"%d","system-id":"tocsin",
                 "password":"secret:%s"}}
                """
                .formatted(slug, doors.carriers.smsc.port(), secret);
    }

    @Test
    void aLoginAtACarrierBelongsToOneAccount() throws Exception {
        doors.json("POST", Doors.TOWN + "/accounts", doors.mayor, sms("double", "saint-aurel-sur-loue-sms"))
                .problem(
                        422,
                        "settings.system-id",
                        "host, port, system-id",
                        "account \\\"sms\\\" of agency agence-franc-comtoise",
                        "ask the carrier");
        doors.json(
                        "POST",
                        "/api/v1/agencies",
                        doors.operator,
                        "{\"slug\":\"agence-du-sud\",\"name\":\"Agence du Sud\"}")
                .ok(201);
        String users = "/api/v1/agencies/agence-du-sud/users";
        doors.json(
                        "POST",
                        users,
                        doors.operator,
                        "{\"login\":\"support@sud\",\"name\":\"S\",\"password\":\"" + Doors.PASSWORD + "\"}")
                .ok(201);
        String stranger = doors.token("support@sud", Doors.PASSWORD);
        String hidden = doors.json(
                        "POST", "/api/v1/agencies/agence-du-sud/accounts", stranger, sms("double", "agence-du-sud-sms"))
                .problem(422, "settings.system-id", "an account of another owner")
                .raw()
                .body();
        assertThat(hidden).doesNotContain("franc-comtoise");
        doors.json("POST", "/api/v1/agencies/agence-du-sud/accounts", doors.operator, sms("double", "lab-sms"))
                .problem(422, "agence-franc-comtoise");
    }

    /** Whoever names a host of theirs would be told the secret there. */
    @Test
    void aSecretIsNamedByWhomItBelongsToOnly() throws Exception {
        for (String stolen : List.of("lab-sms", "agence-franc-comtoise-sms", "valchimie-montferrou-sms")) {
            doors.json("POST", Doors.TOWN + "/accounts", doors.mayor, sms("a-moi", stolen))
                    .problem(422, "settings.password", "saint-aurel-sur-loue-");
        }
        doors.json("POST", Doors.TOWN + "/accounts", doors.agency, sms("a-moi", "valchimie-montferrou-sms"))
                .problem(422, "settings.password", "agence-franc-comtoise-");
    }

    @Test
    void anAccountWhoseChannelIsNotInstalledIsShownEverywhereWithTheCure() throws Exception {
        doors.json(
                        "POST",
                        Doors.PLANT + "/accounts",
                        doors.agency,
                        "{\"slug\":\"voliere\",\"channel\":\"pigeon\",\"settings\":{\"host\":\"colombier.example\"}}")
                .ok(201);
        String why = "channel type \\\"pigeon\\\" is not installed";
        await("the API says so").atMost(Desk.LIMIT).untilAsserted(() -> assertThat(
                        doors.get(Doors.PLANT + "/accounts", doors.agency)
                                .ok(200)
                                .raw()
                                .body())
                .contains(why));
        JsonNode report = doors.get("/health/ready", null).ok(200).json();
        assertThat(report.get("state").asText()).isEqualTo("ready-with-warnings");
        assertThat(report.toString()).contains("account valchimie-montferrou.voliere", why);
        assertThat(doors.node.console("tocsin:accounts")).contains("valchimie-montferrou.voliere", "is not installed");
    }
}
