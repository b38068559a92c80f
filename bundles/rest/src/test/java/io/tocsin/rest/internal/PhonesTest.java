package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.audit.api.Actor;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.rest.internal.resources.Phones;
import io.tocsin.rest.internal.resources.Phones.PhoneEdit;
import io.tocsin.rest.internal.resources.TenantPhones;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose ID and PIN are set by whom; what is wrong with them is the tenants' to say. */
class PhonesTest {
    private static final String PIN = "830416";
    private final Kept logins = new Kept();
    private final Phones phones = new Phones(logins);
    private final TenantPhones others = new TenantPhones(tenancy(), phones, tenantId -> List.of());
    private final ObjectMapper json = Json.mapper();

    /** Keeps what was set. */
    private static final class Kept implements PhoneLogins {
        private final Map<String, PhoneLogin> set = new HashMap<>();
        private Actor by;

        @Override
        public Optional<Person> identify(String phoneId, String pin, String origin) {
            throw new UnsupportedOperationException("nobody calls");
        }

        @Override
        public Optional<PhoneLogin> of(String login) {
            return Optional.ofNullable(set.get(login));
        }

        @Override
        public PhoneLogin set(String login, Optional<String> phoneId, String pin, Actor actor) {
            by = actor;
            set.put(login, new PhoneLogin(phoneId.orElse("604138"), Instant.EPOCH, Optional.empty()));
            return set.get(login);
        }

        @Override
        public boolean remove(String login, Actor actor) {
            return set.remove(login) != null;
        }
    }

    private static Tenancy tenancy() {
        Tenant town = new Tenant(
                1,
                1,
                "town",
                "Town",
                "commune",
                "fr",
                "Europe/Paris",
                "active",
                "api",
                Optional.empty(),
                Optional.empty(),
                1,
                1,
                1,
                0);
        User maire = new User(
                11,
                Optional.empty(),
                Optional.of(1),
                Optional.empty(),
                "maire",
                "Maire",
                Optional.empty(),
                Set.of("activator"),
                "active",
                0,
                Optional.empty(),
                0);
        return (Tenancy) Proxy.newProxyInstance(
                PhonesTest.class.getClassLoader(),
                new Class<?>[] {Tenancy.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "tenant" -> Optional.of(town);
                    case "users" -> List.of(maire);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static Caller caller(Principal principal) {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                PhonesTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getAttribute" -> Gate.PRINCIPAL.equals(args[0]) ? principal : null;
                    case "getRemoteAddr" -> "192.0.2.7";
                    case "getHeaders" -> Collections.emptyEnumeration();
                    default -> null;
                });
        return Caller.of(request, new Origins(new String[0]));
    }

    private final Caller maire = caller(new Principal("maire", Optional.of(1), Optional.of(1), Set.of(Role.ACTIVATOR)));
    private final Caller admin =
            caller(new Principal("admin", Optional.of(1), Optional.of(1), Set.of(Role.TENANT_ADMIN)));

    private PhoneEdit edit(String body) throws Exception {
        return json.readValue(body, PhoneEdit.class);
    }

    @Test
    void oneSetsOnesOwnAndNeverSeesThePinAgain() throws Exception {
        PhoneEdit edit = edit("{\"pin\": \" 830416 \"}");
        assertThat(edit.toString()).doesNotContain(PIN);
        assertThat(json.writeValueAsString(phones.setOwn(edit, maire)))
                .contains("604138")
                .doesNotContain(PIN);
        assertThat(logins.by).isEqualTo(new Actor("maire", "rest", "192.0.2.7"));
        assertThat(phones.own(maire).id()).isEqualTo("604138");
        assertThat(phones.removeOwn(maire).getStatus()).isEqualTo(204);
        assertThatThrownBy(() -> phones.removeOwn(maire)).hasMessageContaining("404");
        assertThatThrownBy(() -> phones.own(maire)).hasMessageContaining("404");
    }

    @Test
    void anAdministratorSetsThoseOfTheTenantAndNobodyElses() throws Exception {
        others.set("town", 11, edit("{\"id\": \"4711\", \"pin\": \"830416\"}"), admin);
        assertThat(others.of("town", 11, admin).id()).isEqualTo("4711");
        assertThat(logins.by.name()).isEqualTo("admin");
        assertThatThrownBy(() -> others.set("town", 12, edit("{\"pin\": \"830416\"}"), admin))
                .isInstanceOf(WebApplicationException.class)
                .hasMessageContaining("404");
        assertThatThrownBy(() -> others.remove("town", 12, admin)).hasMessageContaining("404");
        assertThat(others.remove("town", 11, admin).getStatus()).isEqualTo(204);
    }

    @Test
    void aBodyWithoutPinIsRefused() {
        for (String body : List.of("null", "{}", "{\"pin\": \"  \"}", "{\"id\": \"4711\"}")) {
            assertThatThrownBy(() -> phones.setOwn(edit(body), maire)).as(body).hasMessageContaining("422");
        }
        assertThat(logins.set).isEmpty();
    }
}
