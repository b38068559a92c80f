package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.directory.api.ContactLists.HeadCount;
import io.tocsin.directory.api.Contacts;
import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Endpoint;
import io.tocsin.directory.api.Contacts.Search;
import io.tocsin.directory.api.Contacts.TagCount;
import io.tocsin.directory.api.PeopleMap;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Answers;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Contacts and lists of a tenant. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}")
public final class Directory {
    private static final int MOST_OF_A_HOUSEHOLD = 100;

    /** The slug of a list that is only counted: longer than any that is kept under its name by hand. */
    private static final String DRAFT = "draft-" + "0".repeat(58);

    private final Tenancy tenancy;
    private final Contacts contacts;
    private final ContactLists lists;

    public Directory(Tenancy tenancy, Contacts contacts, ContactLists lists) {
        this.tenancy = tenancy;
        this.contacts = contacts;
        this.lists = lists;
    }

    /**
     * @param externalId none: on creation one is derived from the name and the first address, later it stays as it is
     * @param addresses telephone numbers, e-mail addresses, URLs of webhooks and names of publications as written, best first
     * @param place where the person lives, in WGS 84; none: it is not known
     * @param endpoints in the place of addresses, for whoever says of what kind they are, and where each comes from
     */
    public record ContactEdit(
            Optional<String> externalId,
            String firstName,
            String lastName,
            Optional<String> language,
            Optional<String> household,
            Set<String> tags,
            Map<String, String> variables,
            Optional<String> origin,
            String legalBasis,
            List<String> addresses,
            Optional<List<EndpointEdit>> endpoints,
            Optional<Place> place) {}

    /** @param kind {@code mobile}, {@code landline}, {@code email}, {@code fax}, {@code webhook} or {@code publication} */
    public record EndpointEdit(String kind, String address, Optional<String> origin, Optional<String> legalBasis) {}

    /** A contact, and the others of its household: the first hundred, the rest by {@code GET contacts?household=}. */
    public record ContactView(@JsonUnwrapped Contact contact, List<HouseholdMember> householdMembers) {}

    public record HouseholdMember(long id, String externalId, String firstName, String lastName) {}

    /** @param area of a list of kind area, and of no other: those who live there, and have the tags if any are given */
    public record ListEdit(
            String name,
            String kind,
            Set<String> allTags,
            Set<String> anyTags,
            Set<String> noneTags,
            List<String> includes,
            List<String> excludes,
            Optional<Area> area) {}

    public record Members(List<String> externalIds) {}

    /** Members of a static list that come and go; the others stay. */
    public record MemberChange(Optional<Set<String>> add, Optional<Set<String>> remove) {}

    public record MemberCount(int members) {}

    /** @param draft a list as it would be saved, in the place of lists that are */
    public record Lists(List<String> lists, Optional<ListEdit> draft) {}

    public record ContactCount(long people) {}

    /** By id, page after page; with skip by name, a window of the whole. */
    @GET
    @Path("contacts")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public Page<Contact> contacts(
            @PathParam("tenant") String slug,
            @QueryParam("search") String search,
            @QueryParam("tag") String tag,
            @QueryParam("household") String household,
            @QueryParam("list") String list,
            @QueryParam("skip") Integer skip,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int most = Page.limit(limit);
        int tenant = caller.tenant(tenancy, slug).id();
        Search asked = new Search(asked(search), asked(tag), asked(household), asked(list));
        if (skip != null) {
            if (skip < 0) {
                throw Problem.invalid("skip", "is how many people come before the window: 0 or more");
            }
            return Page.whole(contacts.window(tenant, asked, skip, most));
        }
        return Page.of(contacts.list(tenant, asked, Page.after(after), most), most, Contact::id);
    }

    @GET
    @Path("contact-count")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public ContactCount contactCount(
            @PathParam("tenant") String slug,
            @QueryParam("search") String search,
            @QueryParam("tag") String tag,
            @QueryParam("household") String household,
            @QueryParam("list") String list,
            @Context Caller caller) {
        return new ContactCount(contacts.count(
                caller.tenant(tenancy, slug).id(),
                new Search(asked(search), asked(tag), asked(household), asked(list))));
    }

    /**
     * Where people live, gathered in the cells of a grid over the box (south to north, west to east, in degrees), or over everybody if none
     * is given.
     */
    @GET
    @Path("contact-map")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public PeopleMap contactMap(
            @PathParam("tenant") String slug,
            @QueryParam("south") Double south,
            @QueryParam("west") Double west,
            @QueryParam("north") Double north,
            @QueryParam("east") Double east,
            @Context Caller caller) {
        List<Double> sides =
                Stream.of(south, west, north, east).filter(Objects::nonNull).toList();
        if (!sides.isEmpty() && sides.size() < 4) {
            throw Problem.invalid("south", "is one side of a box, as are west, north and east: give all four or none");
        }
        return contacts.map(
                caller.tenant(tenancy, slug).id(),
                sides.isEmpty() ? Optional.empty() : Optional.of(new PeopleMap.Box(south, west, north, east)));
    }

    @GET
    @Path("tags")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public Page<TagCount> tags(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(contacts.tags(caller.tenant(tenancy, slug).id()));
    }

    @POST
    @Path("contacts")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    @Answers(ContactView.class)
    public Response create(@PathParam("tenant") String slug, ContactEdit edit, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        return tagged(Response.status(201), tenant, saved(tenant, record(0, edit, "", 0), caller));
    }

    @GET
    @Path("contacts/{contact}")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    @Answers(ContactView.class)
    public Response contact(
            @PathParam("tenant") String slug, @PathParam("contact") long contactId, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        return tagged(
                Response.ok(),
                tenant,
                contacts.find(tenant, contactId).orElseThrow(() -> Problem.notFound("Contact " + contactId)));
    }

    @PUT
    @Path("contacts/{contact}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    @Answers(ContactView.class)
    public Response edit(
            @PathParam("tenant") String slug,
            @PathParam("contact") long contactId,
            @HeaderParam("If-Match") String ifMatch,
            ContactEdit edit,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Contact now = contacts.find(tenant, contactId).orElseThrow(() -> Problem.notFound("Contact " + contactId));
        return tagged(
                Response.ok(),
                tenant,
                saved(tenant, record(contactId, edit, now.externalId(), Required.version(ifMatch)), caller));
    }

    @DELETE
    @Path("contacts/{contact}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response remove(
            @PathParam("tenant") String slug, @PathParam("contact") long contactId, @Context Caller caller) {
        if (!contacts.remove(caller.tenant(tenancy, slug).id(), contactId, caller.actor())) {
            throw Problem.notFound("Contact " + contactId);
        }
        return Response.noContent().build();
    }

    @GET
    @Path("lists")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AGENCY_ADMIN, AUDITOR})
    public Page<ContactList> lists(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(lists.lists(caller.tenant(tenancy, slug).id()));
    }

    @GET
    @Path("lists/{list}")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AGENCY_ADMIN, AUDITOR})
    public ContactList list(@PathParam("tenant") String slug, @PathParam("list") String list, @Context Caller caller) {
        return lists.list(caller.tenant(tenancy, slug).id(), list).orElseThrow(() -> Problem.notFound("List " + list));
    }

    /** With If-Match only over the version named, with If-None-Match: * only where there is none; else over whatever is there. */
    @PUT
    @Path("lists/{list}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public ContactList saveList(
            @PathParam("tenant") String slug,
            @PathParam("list") String list,
            @HeaderParam("If-Match") String ifMatch,
            @HeaderParam("If-None-Match") String ifNoneMatch,
            ListEdit edit,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        ContactList given = list(list, edit, ifMatch == null ? 0 : Required.version(ifMatch));
        if ("*".equals(ifNoneMatch)) {
            return lists.create(tenant, given, caller.actor());
        }
        return ifMatch == null
                ? lists.save(tenant, given, caller.actor())
                : lists.replace(tenant, given, caller.actor());
    }

    private static ContactList list(String slug, ListEdit edit, int version) {
        Required.body(edit);
        return new ContactList(
                slug,
                Required.text("name", edit.name()),
                Required.text("kind", edit.kind()),
                edit.allTags() == null ? Set.of() : edit.allTags(),
                edit.anyTags() == null ? Set.of() : edit.anyTags(),
                edit.noneTags() == null ? Set.of() : edit.noneTags(),
                edit.includes() == null ? List.of() : edit.includes(),
                edit.excludes() == null ? List.of() : edit.excludes(),
                version,
                Required.optional(edit.area()));
    }

    @PUT
    @Path("lists/{list}/members")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public MemberCount setMembers(
            @PathParam("tenant") String slug, @PathParam("list") String list, Members members, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        lists.list(tenant, list).orElseThrow(() -> Problem.notFound("List " + list));
        if (Required.body(members).externalIds() == null) {
            throw Problem.invalid("externalIds", "is missing; an empty list empties it");
        }
        return new MemberCount(lists.setMembers(tenant, list, members.externalIds(), caller.actor()));
    }

    @POST
    @Path("lists/{list}/members")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public MemberCount changeMembers(
            @PathParam("tenant") String slug,
            @PathParam("list") String list,
            MemberChange change,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        lists.list(tenant, list).orElseThrow(() -> Problem.notFound("List " + list));
        Required.body(change);
        return new MemberCount(lists.changeMembers(
                tenant,
                list,
                Required.optional(change.add()).orElse(Set.of()),
                Required.optional(change.remove()).orElse(Set.of()),
                caller.actor()));
    }

    @DELETE
    @Path("lists/{list}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response deleteList(
            @PathParam("tenant") String slug, @PathParam("list") String list, @Context Caller caller) {
        if (!lists.delete(caller.tenant(tenancy, slug).id(), list, caller.actor())) {
            throw Problem.notFound("List " + list);
        }
        return Response.noContent().build();
    }

    @POST
    @Path("head-count")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AGENCY_ADMIN})
    public HeadCount count(@PathParam("tenant") String slug, Lists asked, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Optional<ListEdit> draft = Required.optional(Required.body(asked).draft());
        if (draft.isPresent()) {
            return lists.countOf(tenant, list(DRAFT, draft.get(), 0));
        }
        if (asked.lists() == null || asked.lists().isEmpty()) {
            throw Problem.invalid("lists", "is missing; name at least one list");
        }
        return lists.count(tenant, asked.lists());
    }

    /** Saves; what is wrong is named as the caller wrote it. */
    private Contact saved(int tenant, Contact contact, Caller caller) {
        try {
            return contacts.save(tenant, contact, caller.actor());
        } catch (RefusedException refused) {
            throw new RefusedException(refused.problems().stream()
                    .map(p -> new RefusedException.Problem(
                            p.field()
                                    .replaceFirst("^endpoints\\[(\\d+)].*$", "addresses[$1]")
                                    .replaceFirst("^endpoints$", "addresses"),
                            p.problem()))
                    .toList());
        }
    }

    private static Contact record(long id, ContactEdit edit, String externalId, int version) {
        Required.body(edit);
        String origin = Required.optional(edit.origin()).orElse("api");
        String legalBasis = Required.text("legalBasis", edit.legalBasis());
        return new Contact(
                id,
                Required.optional(edit.externalId())
                        .filter(key -> !key.isBlank())
                        .orElse(externalId),
                edit.firstName() == null ? "" : edit.firstName(),
                edit.lastName() == null ? "" : edit.lastName(),
                Required.optional(edit.language()).orElse("fr"),
                Required.optional(edit.household()),
                edit.tags() == null ? Set.of() : edit.tags(),
                edit.variables() == null ? Map.of() : edit.variables(),
                origin,
                legalBasis,
                endpoints(edit, origin, legalBasis),
                version,
                Required.optional(edit.place()));
    }

    private static List<Endpoint> endpoints(ContactEdit edit, String origin, String legalBasis) {
        return Required.optional(edit.endpoints())
                .map(endpoints -> endpoints.stream()
                        .map(e -> new Endpoint(
                                e.kind(),
                                e.address(),
                                e.address(),
                                Required.optional(e.origin()).orElse(origin),
                                Required.optional(e.legalBasis()).orElse(legalBasis)))
                        .toList())
                .orElseGet(() -> (edit.addresses() == null ? List.<String>of() : edit.addresses())
                        .stream()
                                .map(a -> new Endpoint(kind(a), a, a, origin, legalBasis))
                                .toList());
    }

    /** What it looks like; whether it is one, the directory says. */
    private static String kind(String address) {
        String written = address.strip();
        if (written.matches("(?i)https?:.*")) {
            return "webhook";
        }
        // SITE/PAGE or @name@host
        return written.startsWith("@") || written.matches("(?i)[a-z][a-z0-9-]*/[^@]*")
                ? "publication"
                : written.contains("@") ? "email" : "mobile";
    }

    private Response tagged(Response.ResponseBuilder response, int tenant, Contact contact) {
        return response.tag(String.valueOf(contact.version()))
                .entity(new ContactView(contact, others(tenant, contact)))
                .build();
    }

    private List<HouseholdMember> others(int tenant, Contact contact) {
        return contact.household().stream()
                .flatMap(household ->
                        contacts.list(tenant, Search.ofHousehold(household), 0, MOST_OF_A_HOUSEHOLD).stream())
                .filter(member -> member.id() != contact.id())
                .map(member ->
                        new HouseholdMember(member.id(), member.externalId(), member.firstName(), member.lastName()))
                .toList();
    }

    private static Optional<String> asked(String parameter) {
        return Optional.ofNullable(parameter).filter(p -> !p.isBlank());
    }
}
