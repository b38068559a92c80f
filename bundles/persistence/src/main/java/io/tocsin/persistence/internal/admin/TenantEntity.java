package io.tocsin.persistence.internal.admin;

import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Entity(name = "Tenant")
@Table(name = "tenant")
class TenantEntity implements Row<Tenant> {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "tenant_id")
    int id;

    @Column(name = "agency_id")
    int agencyId;

    String slug;
    String name;
    String kind;
    String language;

    @Column(name = "time_zone")
    String timeZone;

    String state;
    String source;

    @Column(name = "sms_sender")
    String smsSender;

    @Column(name = "mail_sender")
    String mailSender;

    @Column(name = "max_contacts")
    int maxContacts;

    @Column(name = "max_recipients")
    int maxRecipients;

    @Column(name = "max_running_alerts")
    int maxRunningAlerts;

    int weight;
    String[] channels;

    @Column(name = "updated_at")
    Instant updatedAt;

    @Version
    int version;

    static TenantEntity of(Tenant tenant, Instant now) {
        TenantEntity row = new TenantEntity();
        row.id = tenant.id();
        row.agencyId = tenant.agencyId();
        row.slug = tenant.slug();
        row.name = tenant.name();
        row.kind = tenant.kind();
        row.language = tenant.language();
        row.timeZone = tenant.timeZone();
        row.state = tenant.state();
        row.source = tenant.source();
        row.smsSender = tenant.smsSender().orElse(null);
        row.mailSender = tenant.mailSender().orElse(null);
        row.maxContacts = tenant.maxContacts();
        row.maxRecipients = tenant.maxRecipients();
        row.maxRunningAlerts = tenant.maxRunningAlerts();
        row.weight = tenant.weight();
        row.channels = tenant.channels().toArray(String[]::new);
        row.updatedAt = now;
        row.version = tenant.version();
        return row;
    }

    @Override
    public Tenant read() {
        return new Tenant(
                id,
                agencyId,
                slug,
                name,
                kind,
                language,
                timeZone,
                state,
                source,
                Optional.ofNullable(smsSender),
                Optional.ofNullable(mailSender),
                maxContacts,
                maxRecipients,
                maxRunningAlerts,
                weight,
                List.of(channels),
                version);
    }
}
