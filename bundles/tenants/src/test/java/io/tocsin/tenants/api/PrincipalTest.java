package io.tocsin.tenants.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrincipalTest {
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);

    @Test
    void aTenantsPeopleEnterItAlone() {
        Principal person = new Principal("a", Optional.of(1), Optional.of(11), ALL);

        assertThat(person.mayEnter(11, 1)).isTrue();
        assertThat(person.mayEnter(12, 1)).as("a neighbour of the same agency").isFalse();
        assertThat(person.mayEnter(21, 2)).isFalse();
    }

    @Test
    void anAgencysPeopleEnterItsTenantsAlone() {
        Principal agent = new Principal("a", Optional.of(1), Optional.empty(), ALL);

        assertThat(agent.mayEnter(11, 1)).isTrue();
        assertThat(agent.mayEnter(12, 1)).isTrue();
        assertThat(agent.mayEnter(21, 2)).isFalse();
    }

    @Test
    void whoBelongsNowhereMustBeAnOperator() {
        assertThat(new Principal("o", Optional.empty(), Optional.empty(), Set.of(Role.OPERATOR)).mayEnter(11, 1))
                .isTrue();
        assertThat(new Principal("o", Optional.empty(), Optional.empty(), Set.of(Role.AGENCY_ADMIN)).mayEnter(11, 1))
                .isFalse();
    }
}
