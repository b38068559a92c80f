package io.tocsin.persistence.internal.admin;

import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Map;
import java.util.Optional;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

@Entity(name = "CarrierAccount")
@Table(name = "carrier_account")
class CarrierAccountEntity implements Row<CarrierAccount> {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "account_id")
    int id;

    @Column(name = "agency_id")
    int agencyId;

    @Column(name = "tenant_id")
    Integer tenantId;

    String slug;
    String channel;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> settings;

    int rank;

    @Column(name = "messages_per_second")
    Integer messagesPerSecond;

    boolean enabled;

    @Version
    int version;

    static CarrierAccountEntity of(CarrierAccount account) {
        CarrierAccountEntity row = new CarrierAccountEntity();
        row.id = account.id();
        row.agencyId = account.agencyId();
        row.tenantId = account.tenantId().orElse(null);
        row.slug = account.slug();
        row.channel = account.channel();
        row.settings = account.settings();
        row.rank = account.rank();
        row.messagesPerSecond = account.messagesPerSecond().orElse(null);
        row.enabled = account.enabled();
        row.version = account.version();
        return row;
    }

    @Override
    public CarrierAccount read() {
        return new CarrierAccount(
                id,
                agencyId,
                Optional.ofNullable(tenantId),
                slug,
                channel,
                Map.copyOf(settings),
                rank,
                Optional.ofNullable(messagesPerSecond),
                enabled,
                version);
    }
}
