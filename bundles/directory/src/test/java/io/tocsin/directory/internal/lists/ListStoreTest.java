package io.tocsin.directory.internal.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Search;
import io.tocsin.directory.api.Contacts.TagCount;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.Room;
import io.tocsin.directory.internal.Sql;
import io.tocsin.persistence.api.StaleRecordException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListStoreTest {
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
    void people() {
        tenant = room.newTenant();
        save("K1", Set.of("nord"), "06 39 98 00 01", "k1@commune.example");
        save("K2", Set.of("nord", "seveso"), "06 39 98 00 02");
        save("K3", Set.of("sud"), "04 65 71 00 03", "k3@commune.example");
        save("K4", Set.of("sud", "seveso"), "06 39 98 00 04", "06 39 98 00 05");
        Contact gone = save("K5", Set.of("nord", "seveso"), "06 39 98 00 06");
        room.contacts.remove(tenant, gone.id(), Room.ACTOR);
        lists(
                tags("nord", Set.of("nord"), Set.of(), Set.of()),
                tags("tous", Set.of(), Set.of(), Set.of()),
                tags("risque", Set.of(), Set.of("Seveso", "crue"), Set.of()),
                tags("sans-risque", Set.of(), Set.of(), Set.of("seveso")),
                list("astreinte", "static"));
        room.lists.setMembers(tenant, "astreinte", List.of("K3", "K1", "K3"), Room.ACTOR);
    }

    @Test
    void listsOfEveryKindHoldWhoTheyShould() {
        assertThat(frozen("nord")).containsExactly("K1", "K2");
        assertThat(frozen("tous")).containsExactly("K1", "K2", "K3", "K4");
        assertThat(frozen("risque")).containsExactly("K2", "K4");
        assertThat(frozen("sans-risque")).containsExactly("K1", "K3");
        assertThat(frozen("astreinte")).containsExactly("K1", "K3");
        lists(nested("a-b", List.of("nord", "astreinte"), List.of("risque")));
        assertThat(frozen("a-b")).containsExactly("K1", "K3");
        lists(nested("mieux", List.of("a-b", "risque"), List.of("astreinte")));
        assertThat(frozen("mieux")).containsExactly("K2", "K4");
        assertThat(frozen("mieux", "a-b", "nord")).containsExactly("K1", "K2", "K3", "K4");
    }

    @Test
    void countsTellWhoCanBeReachedHow() {
        var count = room.lists.count(tenant, List.of("tous", "nord"));
        assertThat(count.people()).isEqualTo(4);
        assertThat(count.byEndpointKind()).isEqualTo(Map.of("mobile", 3, "email", 2, "landline", 1));
    }

    @Test
    void aDraftIsCountedAsItWouldBeSavedAndKeptNowhere() {
        var draft = nested("brouillon", List.of("nord", "astreinte"), List.of("risque"));
        assertThat(room.lists.countOf(tenant, draft).people()).isEqualTo(2);
        assertThat(room.lists
                        .countOf(tenant, tags("tout-le-monde", Set.of(), Set.of(), Set.of()))
                        .people())
                .isEqualTo(4);
        assertThat(room.lists.countOf(tenant, list("astreinte", "static")).people())
                .isZero();
        assertThat(room.lists.list(tenant, "brouillon")).isEmpty();
        assertThatThrownBy(() -> room.lists.countOf(tenant, nested("x", List.of("inconnue"), List.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("inconnue");
    }

    @Test
    void whoChangesAListSaysWhichVersionTheySaw() {
        ContactList first = room.lists.create(tenant, list("pcs", "static"), Room.ACTOR);
        assertThatThrownBy(() -> room.lists.create(tenant, list("pcs", "static"), Room.ACTOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("already");
        ContactList renamed = room.lists.replace(tenant, named(first, "Cellule"), Room.ACTOR);
        assertThat(renamed.version()).isGreaterThan(first.version());
        assertThat(room.lists.list(tenant, "pcs")).contains(renamed);
        assertThatThrownBy(() -> room.lists.replace(tenant, named(first, "Autre"), Room.ACTOR))
                .isInstanceOf(StaleRecordException.class);
        assertThat(room.lists.list(tenant, "pcs").orElseThrow().name()).isEqualTo("Cellule");
        room.lists.delete(tenant, "pcs", Room.ACTOR);
        assertThatThrownBy(() -> room.lists.replace(tenant, named(renamed, "Autre"), Room.ACTOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("deleted");
    }

    @Test
    void membersComeAndGoOneByOne() {
        assertThat(room.lists.changeMembers(tenant, "astreinte", Set.of("K2", "K1"), Set.of("K3", "K9"), Room.ACTOR))
                .isEqualTo(2);
        assertThat(frozen("astreinte")).containsExactly("K1", "K2");
        assertThatThrownBy(() -> room.lists.changeMembers(tenant, "astreinte", Set.of("K9"), Set.of(), Room.ACTOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("K9");
        assertThatThrownBy(() -> room.lists.changeMembers(tenant, "nord", Set.of("K1"), Set.of(), Room.ACTOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("only a static list");
        assertThatThrownBy(() -> room.lists.changeMembers(tenant, "nulle-part", Set.of(), Set.of(), Room.ACTOR))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void thePeopleOfAListAreReadInWindowsByName() {
        Search ofList = new Search(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("tous"));
        save("K6", Set.of("nord"), "06 39 98 00 07");
        Contact accented = new Contact(
                0,
                "K7",
                "",
                "Éa",
                "fr",
                Optional.empty(),
                Set.of("est"),
                Map.of(),
                "console",
                "public task",
                room.contacts.list(tenant, Search.ALL, 0, 1).get(0).endpoints(),
                0);
        room.contacts.save(tenant, accented, Room.ACTOR);
        List<String> all = room.contacts.window(tenant, ofList, 0, 10).stream()
                .map(Contact::externalId)
                .toList();
        assertThat(all).hasSize(6).startsWith("K7");
        assertThat(room.contacts.window(tenant, ofList, 4, 10))
                .extracting(Contact::externalId)
                .containsExactlyElementsOf(all.subList(4, 6));
        assertThat(room.contacts.count(tenant, ofList)).isEqualTo(6);
        for (String written : List.of("EA", "éa", "K7 ea")) {
            assertThat(room.contacts.list(tenant, Optional.of(written), Optional.empty(), 0, 10))
                    .extracting(Contact::externalId)
                    .containsExactly("K7");
        }
        assertThat(room.contacts.count(
                        tenant,
                        new Search(Optional.of("k1@"), Optional.empty(), Optional.empty(), Optional.of("astreinte"))))
                .isOne();
        assertThatThrownBy(() -> room.contacts.count(
                        tenant, new Search(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("rien"))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("rien");
        assertThat(room.contacts.tags(tenant))
                .startsWith(new TagCount("nord", 3))
                .contains(new TagCount("est", 1), new TagCount("seveso", 2));
    }

    private static ContactList named(ContactList list, String name) {
        return new ContactList(
                list.slug(), name, list.kind(), Set.of(), Set.of(), Set.of(), List.of(), List.of(), list.version());
    }

    @Test
    void theFrozenRecipientIsThePersonAsOfNow() {
        frozen("nord");
        Object row = room.sql(
                """
                select name || ' ' || language || ' ' || (variables ->> 'last_name') || ' ' || endpoints::text
                from recipient where tenant_id = ? and recipient_no = 1
                """,
                tenant);
        assertThat(row)
                .asString()
                .contains("Nom K1 fr Nom K1")
                .contains(
                        "[{\"kind\": \"mobile\", \"address\": \"+33639980001\"}, {\"kind\": \"email\", \"address\": \"k1@commune.example\"}]");
    }

    @Test
    void circlesAndUnknownListsAreNamed() {
        lists(nested("a", List.of("nord"), List.of()), nested("b", List.of("a"), List.of()));
        assertThatThrownBy(() -> lists(nested("a", List.of("b"), List.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("b → a → b");
        assertThatThrownBy(() -> lists(nested("c", List.of("nord"), List.of("c"))))
                .hasMessageContaining("c → c");
        assertThatThrownBy(() -> lists(nested("c", List.of("nord", "nrod"), List.of())))
                .hasMessageContaining("includes[1]")
                .hasMessageContaining("'nrod'");
        assertThatThrownBy(() -> room.lists.count(tenant, List.of("nord", "sdu")))
                .hasMessageContaining("lists[1]")
                .hasMessageContaining("'sdu'");
        assertThatThrownBy(() -> room.lists.count(tenant, List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> room.lists.delete(tenant, "nord", Room.ACTOR)).hasMessageContaining("part of a");
    }

    @Test
    void whatCannotBeAListIsRefused() {
        ContactList bad = new ContactList("Été!", " ", "dynamic", Set.of(), Set.of(), Set.of(), List.of(), List.of());
        assertThatThrownBy(() -> room.lists.save(tenant, bad, Room.ACTOR))
                .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.problems())
                        .extracting(RefusedException.Problem::field)
                        .containsExactly("slug", "name", "kind"));
        assertThatThrownBy(() -> lists(nested("vide", List.of(), List.of()))).hasMessageContaining("at least one");
    }

    @Test
    void membersMustExist() {
        assertThatThrownBy(() -> room.lists.setMembers(tenant, "astreinte", List.of("K1", "K5", "K9"), Room.ACTOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("2 are no contacts")
                .hasMessageContaining("K5, K9");
        assertThat(frozen("astreinte")).containsExactly("K1", "K3");
        assertThatThrownBy(() -> room.lists.setMembers(tenant, "nord", List.of("K1"), Room.ACTOR))
                .hasMessageContaining("static");
        assertThatThrownBy(() -> room.lists.setMembers(tenant, "rien", List.of("K1"), Room.ACTOR))
                .isInstanceOf(java.util.NoSuchElementException.class);
    }

    @Test
    void savedListsAreReadBackAndDeleted() {
        ContactList saved = room.lists.save(tenant, nested("tout", List.of("nord"), List.of("risque")), Room.ACTOR);
        assertThat(room.lists.list(tenant, "tout")).contains(saved);
        assertThat(room.lists.lists(tenant))
                .extracting(ContactList::slug)
                .containsExactly("astreinte", "nord", "risque", "sans-risque", "tous", "tout");
        assertThat(room.lists.delete(tenant, "tout", Room.ACTOR)).isTrue();
        assertThat(room.lists.delete(tenant, "tout", Room.ACTOR)).isFalse();
        assertThat(room.lists.list(room.newTenant(), "nord")).isEmpty();
    }

    /** Freezes the lists and gives the external ids in the recipients' order. */
    private List<String> frozen(String... slugs) {
        return room.db.database().inTenant(tenant, connection -> {
            long alert = System.nanoTime();
            int count = room.lists.freeze(connection, tenant, alert, List.of(slugs));
            List<String> people = Sql.query(
                    connection,
                    """
                    select c.external_id from recipient r join contact c using (tenant_id, contact_id)
                    where r.tenant_id = ? and r.alert_id = ? order by r.recipient_no
                    """,
                    row -> row.getString(1),
                    tenant,
                    alert);
            assertThat(count).isEqualTo(people.size());
            return people;
        });
    }

    private Contact save(String key, Set<String> tags, String... addresses) {
        return room.contacts.save(tenant, Room.contact(key, "Nom " + key, tags, addresses), Room.ACTOR);
    }

    private void lists(ContactList... all) {
        for (ContactList list : all) {
            room.lists.save(tenant, list, Room.ACTOR);
        }
    }

    private static ContactList list(String slug, String kind) {
        return new ContactList(slug, slug, kind, Set.of(), Set.of(), Set.of(), List.of(), List.of());
    }

    private static ContactList tags(String slug, Set<String> all, Set<String> any, Set<String> none) {
        return new ContactList(slug, slug, "tags", all, any, none, List.of(), List.of());
    }

    private static ContactList nested(String slug, List<String> includes, List<String> excludes) {
        return new ContactList(slug, slug, "nested", Set.of(), Set.of(), Set.of(), includes, excludes);
    }
}
