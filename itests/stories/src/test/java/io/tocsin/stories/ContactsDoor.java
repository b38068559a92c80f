package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.stories.Doors.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** People and lists as a screen asks for them: windows, counts, and changes that undo nobody else's. */
abstract class ContactsDoor {
    private final Doors doors;

    ContactsDoor(Doors doors) {
        this.doors = doors;
    }

    @Test
    void peopleAreReadInWindowsByNameAndCounted() throws Exception {
        JsonNode all = doors.get(Doors.TOWN + "/contact-count?tag=agent", doors.mayor)
                .ok(200)
                .json();
        assertThat(all.get("people").asInt()).isGreaterThan(20);
        List<String> first = names("/contacts?tag=agent&skip=0&limit=6");
        assertThat(first).hasSize(6);
        assertThat(names("/contacts?tag=agent&skip=4&limit=2")).isEqualTo(first.subList(4, 6));
        assertThat(names("/contacts?list=astreinte&search=guinchard%20GAEL&skip=0"))
                .containsExactly("Guinchard Gaël");
        assertThat(doors.get(Doors.TOWN + "/tags", doors.mayor)
                        .ok(200)
                        .json()
                        .at("/items/0/people")
                        .asInt())
                .isPositive();
        doors.get(Doors.TOWN + "/contacts?skip=-1", doors.mayor).problem(422, "skip", "0 or more");
        doors.get(Doors.TOWN + "/contacts?list=nulle-part&skip=0", doors.mayor)
                .problem(422, "nulle-part", "there are:");
        doors.get(Doors.TOWN + "/contact-count", doors.auditor).problem(403);
        doors.get(Doors.TOWN + "/tags", doors.auditor).problem(403);
    }

    private List<String> names(String rest) throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode person :
                doors.get(Doors.TOWN + rest, doors.mayor).ok(200).json().get("items")) {
            names.add(person.get("lastName").asText() + " "
                    + person.get("firstName").asText());
        }
        return names;
    }

    @Test
    void anEndpointKeepsItsKindAndItsOrigin() throws Exception {
        Reply made = doors.json(
                        "POST",
                        Doors.TOWN + "/contacts",
                        doors.mayor,
                        """
                        {"lastName":"Fax","legalBasis":"essai","endpoints":[
                          {"kind":"fax","address":"03 53 01 20 11","origin":"annuaire"},{"kind":"mobile","address":"06 39 98 20 11"}]}
                        """)
                .ok(201);
        assertThat(made.json().at("/endpoints/0/kind").asText()).isEqualTo("fax");
        assertThat(made.json().at("/endpoints/0/origin").asText()).isEqualTo("annuaire");
        assertThat(made.json().get("externalId").asText()).startsWith("auto-");
        String path = Doors.TOWN + "/contacts/" + made.json().get("id").asLong();
        Reply kept = doors.json(
                        "PUT",
                        path,
                        doors.mayor,
                        """
                        {"lastName":"Fax","legalBasis":"essai","endpoints":[{"kind":"fax","address":"+33353012011"}]}
                        """,
                        "If-Match",
                        made.raw().headers().firstValue("ETag").orElseThrow())
                .ok(200);
        assertThat(kept.json().get("externalId")).isEqualTo(made.json().get("externalId"));
        doors.json(
                        "POST",
                        Doors.TOWN + "/contacts",
                        doors.mayor,
                        """
                        {"lastName":"X","legalBasis":"essai","endpoints":[{"kind":"pigeon","address":"06 39 98 20 12"}]}
                        """)
                .problem(422, "pigeon", "none of mobile");
        doors.send("DELETE", path, doors.mayor, Doors.NOTHING).ok(204);
    }

    @Test
    void aListIsCreatedOnceChangedKnowinglyAndCountedBeforeItIsSaved() throws Exception {
        String path = Doors.TOWN + "/lists/porte";
        String list = "{\"name\":\"Porte\",\"kind\":\"static\"}";
        Reply made =
                doors.json("PUT", path, doors.mayor, list, "If-None-Match", "*").ok(200);
        doors.json("PUT", path, doors.mayor, list, "If-None-Match", "*").problem(422, "porte", "another name");
        String version = "\"" + made.json().get("version").asInt() + "\"";
        doors.json("PUT", path, doors.mayor, list, "If-Match", version).ok(200);
        doors.json("PUT", path, doors.mayor, list, "If-Match", version).problem(412);
        doors.json("PUT", path, doors.mayor, list, "If-Match", "hier").problem(428, "If-Match");

        doors.json("POST", path + "/members", doors.mayor, "{\"add\":[\"AG-001\",\"AG-002\"]}")
                .ok(200);
        Reply left = doors.json("POST", path + "/members", doors.mayor, "{\"remove\":[\"AG-001\",\"PERSONNE\"]}")
                .ok(200);
        assertThat(left.json().get("members").asInt()).isEqualTo(1);
        doors.json("POST", path + "/members", doors.mayor, "{\"add\":[\"PERSONNE\"]}")
                .problem(422, "externalIds", "PERSONNE");
        doors.json("POST", Doors.TOWN + "/lists/astreinte/members", doors.mayor, "{\"add\":[\"AG-001\"]}")
                .problem(422, "only a static list");
        doors.json("POST", path + "/members", doors.auditor, "{}").problem(403);

        String draft =
                "{\"draft\":{\"name\":\"x\",\"kind\":\"nested\",\"includes\":[\"porte\"],\"excludes\":[\"%s\"]}}";
        assertThat(doors.json("POST", Doors.TOWN + "/head-count", doors.mayor, draft.formatted("population"))
                        .ok(200)
                        .json()
                        .get("people")
                        .asInt())
                .isEqualTo(1);
        doors.json("POST", Doors.TOWN + "/head-count", doors.mayor, draft.formatted("nulle-part"))
                .problem(422, "excludes", "nulle-part");
        doors.send("DELETE", path, doors.mayor, Doors.NOTHING).ok(204);
        doors.json("PUT", path, doors.mayor, list, "If-Match", "\"1\"").problem(422, "deleted meanwhile");
    }

    @Test
    void placesAndAreasAreTakenAsTheyAreOrRefusedByName() throws Exception {
        String contact =
                "{\"lastName\":\"Lieu\",\"legalBasis\":\"essai\",\"addresses\":[\"06 39 98 20 13\"],\"place\":%s}";
        Reply made = doors.json(
                        "POST",
                        Doors.TOWN + "/contacts",
                        doors.mayor,
                        contact.formatted("{\"latitude\":44.10000049,\"longitude\":-1.5}"))
                .ok(201);
        assertThat(made.json().at("/place/latitude").asDouble()).isEqualTo(44.1);
        for (String half : List.of("{\"latitude\":44.1}", "{\"latitude\":\"44,1\",\"longitude\":1}", "[44.1,1]")) {
            doors.json("POST", Doors.TOWN + "/contacts", doors.mayor, contact.formatted(half))
                    .problem(400, "place");
        }
        doors.json(
                        "POST",
                        Doors.TOWN + "/contacts",
                        doors.mayor,
                        contact.formatted("{\"latitude\":91,\"longitude\":1}"))
                .problem(422, "place.latitude", "decimal degrees");

        String draft = "{\"draft\":{\"name\":\"x\",\"kind\":\"area\",\"area\":%s}}";
        JsonNode count = doors.json(
                        "POST",
                        Doors.TOWN + "/head-count",
                        doors.mayor,
                        draft.formatted(
                                "{\"circle\":{\"centre\":{\"latitude\":44.1,\"longitude\":-1.5},\"radiusMetres\":100}}"))
                .ok(200)
                .json();
        assertThat(count.get("people").asInt()).isEqualTo(1);
        assertThat(count.get("withoutPlace").asInt()).isPositive();
        doors.json("POST", Doors.TOWN + "/head-count", doors.mayor, draft.formatted("{}"))
                .problem(422, "area", "polygon or a circle");
        doors.json(
                        "POST",
                        Doors.TOWN + "/head-count",
                        doors.mayor,
                        draft.formatted(
                                "{\"polygon\":[{\"latitude\":0,\"longitude\":0},{\"latitude\":1,\"longitude\":1},{\"latitude\":1,\"longitude\":0},{\"latitude\":0,\"longitude\":1}]}"))
                .problem(422, "area.polygon[2]", "crosses");

        JsonNode map =
                doors.get(Doors.TOWN + "/contact-map", doors.mayor).ok(200).json();
        assertThat(map.get("placed").asInt()).isGreaterThan(4_000);
        assertThat(map.get("cells").size()).isBetween(1, 256);
        doors.get(Doors.TOWN + "/contact-map?south=1&west=2", doors.mayor).problem(422, "south", "all four");
        doors.get(Doors.TOWN + "/contact-map?south=2&west=1&north=1&east=2", doors.mayor)
                .problem(422, "south", "exchange");
        doors.get(Doors.TOWN + "/contact-map", doors.auditor).problem(403);
        doors.send("DELETE", Doors.TOWN + "/contacts/" + made.json().get("id").asLong(), doors.mayor, Doors.NOTHING)
                .ok(204);
    }

    @Test
    void aFileThatIsTooLargeIsKnownToBeBeforeItIsSent() throws Exception {
        assertThat(doors.get(Doors.TOWN + "/imports/limits", doors.mayor)
                        .ok(200)
                        .json()
                        .get("maxFileBytes")
                        .asLong())
                .isEqualTo(100L << 20);
        doors.get(Doors.TOWN + "/imports/limits", doors.auditor).problem(403);
    }
}
