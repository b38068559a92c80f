package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.directory.api.ContactLists.HeadCount;
import io.tocsin.directory.api.Contacts;
import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Endpoint;
import io.tocsin.directory.api.Contacts.Search;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.rest.internal.Allow;
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
import java.util.Optional;
import java.util.Set;

/** Contacts and lists of a tenant. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}")
public final class Directory {
    private static final int MOST_OF_A_HOUSEHOLD = 100;

    private final Tenancy tenancy;
    private final Contacts contacts;
    private final ContactLists lists;

    public Directory(Tenancy tenancy, Contacts contacts, ContactLists lists) {
        this.tenancy = tenancy;
        this.contacts = contacts;
        this.lists = lists;
    }

    /** @param addresses telephone numbers, e-mail addresses, URLs of webhooks and names of publications as written, best first */
    public record ContactEdit(
            String externalId,
            String firstName,
            String lastName,
            Optional<String> language,
            Optional<String> household,
            Set<String> tags,
            Map<String, String> variables,
            Optional<String> origin,
            String legalBasis,
            List<String> addresses) {}

    /** A contact, and the others of its household: the first hundred, the rest by {@code GET contacts?household=}. */
    public record ContactView(@JsonUnwrapped Contact contact, List<HouseholdMember> householdMembers) {}

    public record HouseholdMember(long id, String externalId, String firstName, String lastName) {}

    public record ListEdit(
            String name,
            String kind,
            Set<String> allTags,
            Set<String> anyTags,
            Set<String> noneTags,
            List<String> includes,
            List<String> excludes) {}

    public record Members(List<String> externalIds) {}

    public record MemberCount(int members) {}

    public record Lists(List<String> lists) {}

    @GET
    @Path("contacts")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public Page<Contact> contacts(
            @PathParam("tenant") String slug,
            @QueryParam("search") String search,
            @QueryParam("tag") String tag,
            @QueryParam("household") String household,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int most = Page.limit(limit);
        return Page.of(
                contacts.list(
                        caller.tenant(tenancy, slug).id(),
                        new Search(asked(search), asked(tag), asked(household)),
                        Page.after(after),
                        most),
                most,
                Contact::id);
    }

    @POST
    @Path("contacts")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response create(@PathParam("tenant") String slug, ContactEdit edit, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        return tagged(Response.status(201), tenant, saved(tenant, record(0, edit, 0), caller));
    }

    @GET
    @Path("contacts/{contact}")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
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
    public Response edit(
            @PathParam("tenant") String slug,
            @PathParam("contact") long contactId,
            @HeaderParam("If-Match") String ifMatch,
            ContactEdit edit,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        contacts.find(tenant, contactId).orElseThrow(() -> Problem.notFound("Contact " + contactId));
        return tagged(Response.ok(), tenant, saved(tenant, record(contactId, edit, Required.version(ifMatch)), caller));
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

    @PUT
    @Path("lists/{list}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public ContactList saveList(
            @PathParam("tenant") String slug, @PathParam("list") String list, ListEdit edit, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Required.body(edit);
        return lists.save(
                tenant,
                new ContactList(
                        list,
                        Required.text("name", edit.name()),
                        Required.text("kind", edit.kind()),
                        edit.allTags() == null ? Set.of() : edit.allTags(),
                        edit.anyTags() == null ? Set.of() : edit.anyTags(),
                        edit.noneTags() == null ? Set.of() : edit.noneTags(),
                        edit.includes() == null ? List.of() : edit.includes(),
                        edit.excludes() == null ? List.of() : edit.excludes()),
                caller.actor());
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
        if (Required.body(asked).lists() == null || asked.lists().isEmpty()) {
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

    private static Contact record(long id, ContactEdit edit, int version) {
        Required.body(edit);
        String origin = Required.optional(edit.origin()).orElse("api");
        String legalBasis = Required.text("legalBasis", edit.legalBasis());
        List<String> addresses = edit.addresses() == null ? List.of() : edit.addresses();
        return new Contact(
                id,
                Required.text("externalId", edit.externalId()),
                edit.firstName() == null ? "" : edit.firstName(),
                edit.lastName() == null ? "" : edit.lastName(),
                Required.optional(edit.language()).orElse("fr"),
                Required.optional(edit.household()),
                edit.tags() == null ? Set.of() : edit.tags(),
                edit.variables() == null ? Map.of() : edit.variables(),
                origin,
                legalBasis,
                addresses.stream()
                        .map(a -> new Endpoint(kind(a), a, a, origin, legalBasis))
                        .toList(),
                version);
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
