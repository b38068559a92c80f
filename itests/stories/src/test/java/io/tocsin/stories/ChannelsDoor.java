package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Channels a tenant is limited to: who says which, and what is refused because of it. */
abstract class ChannelsDoor {
    private static final String LIMITED = "/api/v1/tenants/combe-limitee";
    private static final String SCENARIO =
            """
            {"name":"Crue","category":"information","lists":[],"fallback-language":"fr",
             "cascade":[{"channel":"sms","patience":"PT5M"},{"channel":"mail","patience":"PT5M"}],
             "messages":{"fr":{"sms":{"text":"Montez"},"mail":{"subject":"Crue","text":"Montez"}}}}
            """;
    private final Doors doors;

    ChannelsDoor(Doors doors) {
        this.doors = doors;
    }

    private static String edit(String channels) {
        return """
                {"name":"Combe limitée","kind":"commune","language":"fr","timeZone":"Europe/Paris","maxContacts":10,
                 "maxRecipients":10,"maxRunningAlerts":1,"channels":%s}
                """
                .formatted(channels);
    }

    @Test
    void anAgencySaysWhichChannelsATenantMayUse() throws Exception {
        JsonNode made = doors.json(
                        "POST",
                        "/api/v1/tenants",
                        doors.agency,
                        """
                        {"slug":"combe-limitee","name":"Combe limitée","kind":"commune","channels":["webhook","sms"]}
                        """)
                .ok(201)
                .json();
        assertThat(made.get("channels").toString()).isEqualTo("[\"sms\",\"webhook\"]");
        assertThat(doors.node.console("tocsin:tenants")).contains("sms, webhook");

        doors.json("PUT", LIMITED + "/scenarios/crue", doors.agency, SCENARIO)
                .problem(
                        422,
                        "cascade[1].channel",
                        "messages.fr.mail",
                        "[sms, webhook]",
                        "add it to the tenant's channels");
        doors.json(
                        "POST",
                        LIMITED + "/accounts",
                        doors.agency,
                        """
                        {"slug":"mail","channel":"mail","settings":{"smtp-host":"127.0.0.1"}}
                        """)
                .problem(422, "\"channel\"", "limited to [sms, webhook]");
        String version = "\"" + made.get("version").asText() + "\"";
        doors.json("PUT", LIMITED, doors.agency, edit("[\"SMS\"]"), "If-Match", version)
                .problem(422, "channels", "for instance sms or mail");
        doors.json("PUT", LIMITED, doors.agency, edit("[null]"), "If-Match", version)
                .problem(422, "channels", "take it out");
        doors.json("PUT", LIMITED, doors.mayor, edit("[]"), "If-Match", version).problem(404);

        doors.json("PUT", LIMITED, doors.agency, edit("[]"), "If-Match", version)
                .ok(200);
        doors.json("PUT", LIMITED + "/scenarios/crue", doors.agency, SCENARIO).ok(200);
    }
}
