package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gate before resource methods of this test's own; tenant town is of agency 1, plant of agency 2. */
class GateTest {
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);

    private final Map<String, Object> properties = new HashMap<>();
    private Optional<Principal> caller = Optional.empty();
    private Response aborted;

    /** As resources are written, but for the first: somebody forgot. */
    static class Resource {
        public void silent() {}

        @Allow
        public void anybody() {}

        @Allow(Role.AUDITOR)
        public void auditors() {}

        @Allow(anonymous = true)
        public void strangers() {}
    }

    @Test
    void aMethodThatSaysNothingLetsNobodyIn() {
        caller = Optional.of(new Principal("operator", Optional.empty(), Optional.empty(), ALL));

        assertThat(statusOf("silent", Map.of())).isEqualTo(403);
        assertThat(statusOf("silent", Map.of("tenant", "town"))).isEqualTo(403);
        assertThat(properties).isEmpty();
        caller = Optional.empty();
        assertThat(statusOf("silent", Map.of())).isEqualTo(401);
    }

    @Test
    void whoIsUnknownIsToldHowToSignIn() {
        assertThat(statusOf("anybody", Map.of())).isEqualTo(401);
        assertThat(aborted.getHeaderString("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(statusOf("strangers", Map.of())).isEqualTo(200);
    }

    @Test
    void aRoleIsNeeded() {
        caller = Optional.of(ofTown(Role.ACTIVATOR));
        assertThat(statusOf("auditors", Map.of("tenant", "town"))).isEqualTo(403);
        caller = Optional.of(ofTown(Role.AUDITOR));
        assertThat(statusOf("auditors", Map.of("tenant", "town"))).isEqualTo(200);
        assertThat(properties.get(Gate.PRINCIPAL)).isEqualTo(caller.get());
        assertThat(((Tenant) properties.get(Gate.TENANT)).slug()).isEqualTo("town");
    }

    @Test
    void whatIsSomebodyElsesDoesNotExistWhateverTheRole() {
        for (Role role : new Role[] {Role.AUDITOR, Role.ACTIVATOR}) {
            caller = Optional.of(ofTown(role));
            assertThat(statusOf("auditors", Map.of("tenant", "plant"))).isEqualTo(404);
            Problem foreign = (Problem) aborted.getEntity();
            assertThat(statusOf("auditors", Map.of("tenant", "nowhere"))).isEqualTo(404);
            assertThat(((Problem) aborted.getEntity()).detail())
                    .isEqualTo(foreign.detail().replace("plant", "nowhere"));
            assertThat(statusOf("auditors", Map.of("agency", "second"))).isEqualTo(404);
        }
        caller = Optional.of(new Principal("agent", Optional.of(1), Optional.empty(), Set.of(Role.AGENCY_ADMIN)));
        assertThat(statusOf("anybody", Map.of("tenant", "town"))).isEqualTo(200);
        assertThat(statusOf("anybody", Map.of("tenant", "plant"))).isEqualTo(404);
        assertThat(statusOf("silent", Map.of("tenant", "plant"))).isEqualTo(404);
        assertThat(statusOf("anybody", Map.of("agency", "first"))).isEqualTo(200);
        assertThat(statusOf("anybody", Map.of("agency", "second"))).isEqualTo(404);
    }

    private static Principal ofTown(Role role) {
        return new Principal("someone", Optional.of(1), Optional.of(11), Set.of(role));
    }

    /** 200 stands for a request that goes on. */
    private int statusOf(String method, Map<String, String> path) {
        aborted = null;
        properties.clear();
        new Gate(new Admission(only(Authentication.class, "authenticate", text -> caller), tenancy()), resource(method))
                .filter(request(path));
        return aborted == null ? 200 : aborted.getStatus();
    }

    private static Tenancy tenancy() {
        return proxy(Tenancy.class, (method, arguments) -> {
            if (method.equals("tenant")) {
                return Map.of("town", tenant(11, 1, "town"), "plant", tenant(22, 2, "plant")).entrySet().stream()
                        .filter(entry -> entry.getKey().equals(arguments[0]))
                        .map(Map.Entry::getValue)
                        .findFirst();
            }
            return Map.of("first", new Agency(1, "first", "A"), "second", new Agency(2, "second", "B"))
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().equals(arguments[0]))
                    .map(Map.Entry::getValue)
                    .findFirst();
        });
    }

    private static Tenant tenant(int id, int agency, String slug) {
        return new Tenant(
                id,
                agency,
                slug,
                slug,
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
    }

    private static ResourceInfo resource(String name) {
        Method method;
        try {
            method = Resource.class.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(e);
        }
        return only(ResourceInfo.class, "getResourceMethod", nothing -> method);
    }

    private ContainerRequestContext request(Map<String, String> path) {
        MultivaluedHashMap<String, String> parameters = new MultivaluedHashMap<>(path);
        UriInfo uri = only(UriInfo.class, "getPathParameters", nothing -> parameters);
        return proxy(ContainerRequestContext.class, (method, arguments) -> switch (method) {
            case "getHeaderString" -> "Bearer x";
            case "getUriInfo" -> uri;
            case "setProperty" -> properties.put((String) arguments[0], arguments[1]);
            case "abortWith" -> aborted = (Response) arguments[0];
            default -> throw new UnsupportedOperationException(method);
        });
    }

    @FunctionalInterface
    private interface Answer {
        Object to(Object argument);
    }

    @FunctionalInterface
    private interface Answers {
        Object to(String method, Object[] arguments);
    }

    private static <T> T only(Class<T> type, String method, Answer answer) {
        return proxy(type, (called, arguments) -> {
            if (!called.equals(method)) {
                throw new UnsupportedOperationException(called);
            }
            return answer.to(arguments == null ? null : arguments[0]);
        });
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = answers.to(method.getName(), arguments);
                    return method.getReturnType() == void.class ? null : answer;
                }));
    }
}
