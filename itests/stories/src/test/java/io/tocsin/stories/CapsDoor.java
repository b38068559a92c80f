package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Caps of local exchanges and sites: whose they are, who may change them, and what is wrong with them. */
abstract class CapsDoor {
    private static final String AGENCY = "/api/v1/agencies/agence-franc-comtoise";
    private final Doors doors;

    CapsDoor(Doors doors) {
        this.doors = doors;
    }

    private static JsonNode named(JsonNode page, String name) {
        for (JsonNode cap : page.get("items")) {
            if (cap.get("name").asText().equals(name)) {
                return cap;
            }
        }
        throw new AssertionError("no " + name + " in " + page);
    }

    @Test
    void anAgencysCapIsSeenByItsTenantsAndChangedByItself() throws Exception {
        String bourg = "{\"prefixes\":[\"+33 3 53 01\"],\"perSecond\":20}";
        doors.json("PUT", AGENCY + "/caps/bourg", doors.agency, bourg).ok(200);
        doors.json(
                        "PUT",
                        Doors.TOWN + "/caps/usine",
                        doors.mayor,
                        """
                        {"prefixes":["+33 3 53 01 10"],"channels":["voice"],"perSecond":0.5}""")
                .ok(200);
        JsonNode seen = doors.get(Doors.TOWN + "/caps", doors.mayor).ok(200).json();
        assertThat(named(seen, "bourg").get("shared").asBoolean()).isTrue();
        assertThat(named(seen, "bourg").get("prefixes").get(0).asText()).isEqualTo("+3335301");
        assertThat(named(seen, "usine").get("shared").asBoolean()).isFalse();
        assertThat(named(seen, "usine").get("perSecond").asDouble()).isEqualTo(0.5);
        assertThat(named(seen, "usine").get("waiting").asLong()).isZero();
        assertThat(doors.node.console("tocsin:caps"))
                .contains("agence-franc-comtoise.bourg", "saint-aurel-sur-loue.usine", "0.50");

        doors.json("PUT", AGENCY + "/caps/bourg", doors.mayor, bourg).problem(403);
        doors.json("DELETE", Doors.TOWN + "/caps/bourg", doors.mayor, "").problem(404, "Cap bourg");
        doors.json("DELETE", Doors.TOWN + "/caps/usine", doors.mayor, "").ok(204);
        doors.json("DELETE", AGENCY + "/caps/bourg", doors.agency, "").ok(204);
    }

    @Test
    void whatIsWrongWithACapIsSaidByField() throws Exception {
        doors.json("PUT", Doors.TOWN + "/caps/bourg", doors.mayor, "{\"prefixes\":[\"03 53 01\"],\"perSecond\":0}")
                .problem(422, "prefixes[0]", "such as +33 3 53 01", "perSecond", "0.01 to 100000");
        doors.json("PUT", Doors.TOWN + "/caps/bourg", doors.mayor, "{\"prefixes\":[\"+33353\"]}")
                .problem(422, "perSecond", "is missing");
    }
}
