package io.tocsin.directory.internal.contacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Endpoint;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.Room;
import io.tocsin.persistence.api.StaleRecordException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContactStoreTest {
    private static Room room;
    private int tenant;

    @BeforeAll
    static void open() {
        room = new Room();
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @BeforeEach
    void newTenant() {
        tenant = room.newTenant();
    }

    @Test
    void whatIsSavedIsFoundNormalised() {
        Contact saved = room.contacts.save(
                tenant,
                new Contact(
                        0,
                        " K1 ",
                        "Zoë\u202e",
                        "Hébert",
                        "Français",
                        Optional.of("F1"),
                        Set.of(" Conseil "),
                        Map.of("quartier", "Nord", "vide", " "),
                        "guichet",
                        "public task",
                        List.of(
                                new Endpoint("phone", "06 39 98 00 01", null, null, null),
                                new Endpoint("email", "Zoe@Commune.Example", "", "", "consent"),
                                new Endpoint("fax", "04 65 71 00 01", "", "", ""),
                                new Endpoint("webhook", "https://Sirens.Commune.Example/north", "", "", ""),
                                new Endpoint("publication", "@Alertes@Social.Example", "", "", "")),
                        0),
                Room.ACTOR);
        assertThat(room.contacts.find(tenant, saved.id())).contains(saved);
        assertThat(saved)
                .isEqualTo(new Contact(
                        saved.id(),
                        "K1",
                        "Zoë",
                        "Hébert",
                        "fr",
                        Optional.of("F1"),
                        Set.of("conseil"),
                        Map.of("quartier", "Nord"),
                        "guichet",
                        "public task",
                        List.of(
                                new Endpoint("mobile", "+33639980001", "06 39 98 00 01", "guichet", "public task"),
                                new Endpoint(
                                        "email", "Zoe@commune.example", "Zoe@Commune.Example", "guichet", "consent"),
                                new Endpoint("fax", "+33465710001", "04 65 71 00 01", "guichet", "public task"),
                                new Endpoint(
                                        "webhook",
                                        "https://sirens.commune.example/north",
                                        "https://Sirens.Commune.Example/north",
                                        "guichet",
                                        "public task"),
                                new Endpoint(
                                        "publication",
                                        "@alertes@social.example",
                                        "@Alertes@Social.Example",
                                        "guichet",
                                        "public task")),
                        0));
        assertThat(room.contacts.find(room.newTenant(), saved.id())).isEmpty();
        assertThat(room.journal.actions(tenant)).containsExactly("contact.created");
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        Contact bad = new Contact(
                0,
                "x".repeat(201),
                "",
                "",
                "klingon",
                Optional.empty(),
                Set.of(),
                Map.of("title", "x", "1a", "y"),
                "",
                "",
                List.of(
                        new Endpoint("mobile", "06 12", "", "", ""),
                        new Endpoint("pigeon", "x", "", "", ""),
                        new Endpoint("mobile", "06 39 98 00 01 / 06 39 98 00 02", "", "", ""),
                        new Endpoint("mobile", "06 39 98 00 03", "", "", ""),
                        new Endpoint("mobile", "+33639980003", "", "", ""),
                        new Endpoint("webhook", "http://", "", "", ""),
                        new Endpoint("publication", "la page de la ville", "", "", "")),
                0);
        assertThatThrownBy(() -> room.contacts.save(tenant, bad, Room.ACTOR))
                .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.problems())
                        .extracting(RefusedException.Problem::field)
                        .containsExactlyInAnyOrder(
                                "externalId",
                                "language",
                                "variables",
                                "variables",
                                "origin",
                                "legalBasis",
                                "endpoints[0].address",
                                "endpoints[1].kind",
                                "endpoints[2].address",
                                "endpoints[4].address",
                                "endpoints[5].address",
                                "endpoints[6].address"));
        assertThat(room.contacts.count(tenant)).isZero();
    }

    @Test
    void whereSomebodyLivesIsKeptMovedAndForgotten() {
        Contact home = room.contacts.save(tenant, living(Optional.of(new Place(47.39361249, -0.6892))), Room.ACTOR);
        assertThat(home.place()).contains(new Place(47.393612, -0.6892));
        assertThat(room.contacts.find(tenant, home.id())).contains(home);
        Contact moved = room.contacts.save(tenant, at(home, Optional.of(new Place(-90, 180))), Room.ACTOR);
        assertThat(moved.place()).contains(new Place(-90, 180));
        assertThatThrownBy(() -> room.contacts.save(tenant, at(home, Optional.empty()), Room.ACTOR))
                .isInstanceOf(StaleRecordException.class);
        assertThat(room.contacts
                        .save(tenant, at(moved, Optional.empty()), Room.ACTOR)
                        .place())
                .isEmpty();
        room.contacts.remove(tenant, home.id(), Room.ACTOR);
        assertThat(room.contacts
                        .save(tenant, living(Optional.of(new Place(48, 2))), Room.ACTOR)
                        .place())
                .contains(new Place(48, 2));
        for (Place wrong : List.of(new Place(90.0001, 0), new Place(Double.NaN, 0), new Place(1, -181))) {
            assertThatThrownBy(() -> room.contacts.save(tenant, living(Optional.of(wrong)), Room.ACTOR))
                    .hasMessageContaining("place.")
                    .hasMessageContaining("decimal degrees");
        }
        assertThatThrownBy(() -> room.contacts.save(tenant, living(Optional.of(new Place(0, -0.0000001))), Room.ACTOR))
                .hasMessageContaining("leave both empty");
    }

    private static Contact living(Optional<Place> place) {
        return at(Room.contact("K1", "Un", Set.of(), "06 39 98 00 01"), place);
    }

    private static Contact at(Contact c, Optional<Place> place) {
        return new Contact(
                c.id(),
                c.externalId(),
                c.firstName(),
                c.lastName(),
                c.language(),
                c.household(),
                c.tags(),
                c.variables(),
                c.origin(),
                c.legalBasis(),
                c.endpoints(),
                c.version(),
                place);
    }

    @Test
    void theSecondOfTwoEditsMustReadAgain() {
        Contact first = room.contacts.save(tenant, Room.contact("K1", "Un", Set.of(), "06 39 98 00 01"), Room.ACTOR);
        Contact second = room.contacts.save(tenant, first, Room.ACTOR);
        assertThat(second.version()).isEqualTo(first.version() + 1);
        assertThatThrownBy(() -> room.contacts.save(tenant, first, Room.ACTOR))
                .isInstanceOf(StaleRecordException.class);
    }

    @Test
    void aKeyBelongsToOnePersonButServesAgainAfterRemoval() {
        Contact one = room.contacts.save(tenant, Room.contact("K1", "Un", Set.of(), "06 39 98 00 01"), Room.ACTOR);
        Contact again = Room.contact("K1", "Deux", Set.of(), "06 39 98 00 02");
        assertThatThrownBy(() -> room.contacts.save(tenant, again, Room.ACTOR))
                .hasMessageContaining("'K1' belongs to another");
        assertThat(room.contacts.remove(tenant, one.id(), Room.ACTOR)).isTrue();
        assertThat(room.contacts.remove(tenant, one.id(), Room.ACTOR)).isFalse();
        assertThat(room.contacts.find(tenant, one.id())).isEmpty();
        assertThat(room.contacts.save(tenant, again, Room.ACTOR).lastName()).isEqualTo("Deux");
    }

    @Test
    void theTenantsLimitIsKept() {
        room.sql("update tenant set max_contacts = 1 where tenant_id = ?", tenant);
        room.contacts.save(tenant, Room.contact("K1", "Un", Set.of(), "06 39 98 00 01"), Room.ACTOR);
        assertThatThrownBy(() ->
                        room.contacts.save(tenant, Room.contact("K2", "Deux", Set.of(), "06 39 98 00 02"), Room.ACTOR))
                .hasMessageContaining("max_contacts");
    }

    @Test
    void peopleAreFoundByWordsNumbersAndTags() {
        room.contacts.save(tenant, Room.contact("K1", "Le Goff", Set.of("nord"), "06 39 98 00 01"), Room.ACTOR);
        room.contacts.save(
                tenant, Room.contact("K2", "Hébert", Set.of("nord", "sud"), "h@commune.example"), Room.ACTOR);
        room.contacts.save(tenant, Room.contact("K3", "Martin", Set.of(), "06 39 98 00 03"), Room.ACTOR);
        assertThat(found("goff LE", null)).containsExactly("K1");
        assertThat(found("06 39 98 00 03", null)).containsExactly("K3");
        assertThat(found("+33639980001", null)).containsExactly("K1");
        assertThat(found("commune", null)).containsExactly("K2");
        assertThat(found("100% '; drop", null)).isEmpty();
        assertThat(found(null, "Nord")).containsExactly("K1", "K2");
        assertThat(found("k2", "sud")).containsExactly("K2");
        long first = room.contacts
                .list(tenant, Optional.empty(), Optional.empty(), 0, 1)
                .get(0)
                .id();
        assertThat(room.contacts.list(tenant, Optional.empty(), Optional.empty(), first, 10))
                .extracting(Contact::externalId)
                .containsExactly("K2", "K3");
    }

    private List<String> found(String search, String tag) {
        return room.contacts.list(tenant, Optional.ofNullable(search), Optional.ofNullable(tag), 0, 100).stream()
                .map(Contact::externalId)
                .toList();
    }
}
