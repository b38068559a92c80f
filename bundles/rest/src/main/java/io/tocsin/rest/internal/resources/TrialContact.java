package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.directory.api.Contacts;
import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Endpoint;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;

/** Who the caller is in a tenant's directory: whom their trials of scenarios go to, and nobody else. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/trial-contact")
public final class TrialContact {
    private final Tenancy tenancy;
    private final Alerts alerts;
    private final Contacts contacts;

    public TrialContact(Tenancy tenancy, Alerts alerts, Contacts contacts) {
        this.tenancy = tenancy;
        this.alerts = alerts;
        this.contacts = contacts;
    }

    /** @param contactId empty: the caller has not said who they are, or that contact is gone */
    public record Myself(Optional<Long> contactId, Optional<String> name, List<Endpoint> endpoints) {}

    public record MyselfEdit(long contactId) {}

    @GET
    @Allow(
            value = {TENANT_ADMIN, ACTIVATOR, AGENCY_ADMIN},
            people = true)
    public Myself get(@PathParam("tenant") String slug, @Context Caller caller) {
        return myself(caller.tenant(tenancy, slug).id(), caller);
    }

    /** Says who the caller is. Journaled: whoever is named gets the caller's trials. */
    @PUT
    @Allow(
            value = {TENANT_ADMIN, ACTIVATOR, AGENCY_ADMIN},
            people = true)
    public Myself say(@PathParam("tenant") String slug, MyselfEdit edit, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        alerts.iAm(tenant, Required.body(edit).contactId(), caller.actor());
        return myself(tenant, caller);
    }

    private Myself myself(int tenant, Caller caller) {
        Optional<Contact> contact = alerts.whoIs(tenant, caller.actor()).flatMap(id -> contacts.find(tenant, id));
        return new Myself(
                contact.map(Contact::id),
                contact.map(found -> (found.firstName() + " " + found.lastName()).strip()),
                contact.map(Contact::endpoints).orElse(List.of()));
    }
}
