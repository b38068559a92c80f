package io.tocsin.persistence.internal.admin;

import io.tocsin.persistence.api.AdministrativeModel.User;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeSet;

@Entity(name = "User")
@Table(name = "app_user")
class UserEntity implements Row<User> {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "user_id")
    int id;

    @Column(name = "agency_id")
    Integer agencyId;

    @Column(name = "tenant_id")
    Integer tenantId;

    @Column(name = "unit_id")
    Integer unitId;

    String login;
    String name;

    @Column(name = "password_hash")
    String passwordHash;

    String[] roles;
    String state;

    @Column(name = "failed_logins")
    int failedLogins;

    @Column(name = "locked_until")
    Instant lockedUntil;

    @Column(name = "updated_at")
    Instant updatedAt;

    @Version
    int version;

    static UserEntity of(User user, Instant now) {
        UserEntity row = new UserEntity();
        row.id = user.id();
        row.agencyId = user.agencyId().orElse(null);
        row.tenantId = user.tenantId().orElse(null);
        row.unitId = user.unitId().orElse(null);
        row.login = user.login();
        row.name = user.name();
        row.passwordHash = user.passwordHash().orElse(null);
        row.roles = user.roles().stream().sorted().toArray(String[]::new);
        row.state = user.state();
        row.failedLogins = user.failedLogins();
        row.lockedUntil = user.lockedUntil().orElse(null);
        row.updatedAt = now;
        row.version = user.version();
        return row;
    }

    @Override
    public User read() {
        return new User(
                id,
                Optional.ofNullable(agencyId),
                Optional.ofNullable(tenantId),
                Optional.ofNullable(unitId),
                login,
                name,
                Optional.ofNullable(passwordHash),
                Collections.unmodifiableSet(new TreeSet<>(Arrays.asList(roles))),
                state,
                failedLogins,
                Optional.ofNullable(lockedUntil),
                version);
    }
}
