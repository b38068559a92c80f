package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.audit.api.Actor;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.resources.TenantDocuments;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.Variant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What comes in as a body goes out to those who accept it; what is wrong with a document is its keeper's to say. */
class TenantDocumentsTest {
    private final Kept kept = new Kept();
    private final TenantDocuments documents = new TenantDocuments(tenancy(), kept);
    private final Caller admin = caller();

    /** Keeps what came, whatever it is. */
    private static final class Kept implements Documents {
        private final Map<String, byte[]> bytes = new TreeMap<>();
        private String named = "";
        private Actor by;

        @Override
        public List<Document> list(int tenantId) {
            return bytes.keySet().stream().map(this::document).toList();
        }

        @Override
        public Optional<Document> find(int tenantId, String slug) {
            return Optional.of(slug).filter(bytes::containsKey).map(this::document);
        }

        private Document document(String slug) {
            return new Document(slug, named, "ab", 1, bytes.get(slug).length, "admin", Instant.EPOCH);
        }

        @Override
        public boolean content(int tenantId, String slug, OutputStream to) throws IOException {
            to.write(bytes.get(slug));
            return true;
        }

        @Override
        public Document save(int tenantId, String slug, String name, InputStream upload, Actor actor)
                throws IOException {
            bytes.put(slug, upload.readAllBytes());
            named = name;
            by = actor;
            return document(slug);
        }

        @Override
        public boolean remove(int tenantId, String slug, Actor actor) {
            if (slug.equals("used")) {
                throw new LaunchRefusedException(List.of());
            }
            return bytes.remove(slug) != null;
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
        return (Tenancy) Proxy.newProxyInstance(
                TenantDocumentsTest.class.getClassLoader(),
                new Class<?>[] {Tenancy.class},
                (proxy, method, args) -> Optional.of(town).filter(each -> args[0].equals("town")));
    }

    private static Caller caller() {
        Principal principal = new Principal("admin", Optional.of(1), Optional.of(1), Set.of(Role.TENANT_ADMIN));
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                TenantDocumentsTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getAttribute" -> Gate.PRINCIPAL.equals(args[0]) ? principal : null;
                    case "getRemoteAddr" -> "192.0.2.7";
                    case "getHeaders" -> Collections.emptyEnumeration();
                    default -> null;
                });
        return Caller.of(request, new Origins(new String[0]));
    }

    /** Of somebody who accepts one type. */
    private static Request accepting(String type) {
        return (Request) Proxy.newProxyInstance(
                TenantDocumentsTest.class.getClassLoader(),
                new Class<?>[] {Request.class},
                (proxy, method, args) -> ((List<?>) args[0])
                        .stream()
                                .map(Variant.class::cast)
                                .filter(variant -> text(variant.getMediaType()).equals(type))
                                .findFirst()
                                .orElse(null));
    }

    private static String text(MediaType type) {
        return type.getType() + "/" + type.getSubtype();
    }

    private Documents.Document save(String slug, String name) throws Exception {
        byte[] pdf = "%PDF-1.7 plan".getBytes(StandardCharsets.US_ASCII);
        return documents.save("town", slug, name, new ByteArrayInputStream(pdf), admin);
    }

    @Test
    void whatCameInGoesOut() throws Exception {
        assertThat(save("plan", "Le plan").name()).isEqualTo("Le plan");
        assertThat(kept.by).isEqualTo(new Actor("admin", "rest", "192.0.2.7"));
        assertThat(documents.list("town", admin).items()).hasSize(1);

        Response said = documents.get("town", "plan", accepting("application/json"), admin);
        assertThat(said.getEntity()).isInstanceOf(Documents.Document.class);
        Response pdf = documents.get("town", "plan", accepting("application/pdf"), admin);
        assertThat(text(pdf.getMediaType())).isEqualTo("application/pdf");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ((StreamingOutput) pdf.getEntity()).write(out);
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("%PDF-1.7 plan");
    }

    @Test
    void withoutANameItsSlugIsOne() throws Exception {
        assertThat(save("plan", null).name()).isEqualTo("plan");
        assertThat(save("plan", " ").name()).isEqualTo("plan");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        for (String type : List.of("application/json", "application/pdf")) {
            assertThatThrownBy(() -> documents.get("town", "plan", accepting(type), admin))
                    .hasMessageContaining("404");
        }
        assertThatThrownBy(() -> documents.remove("town", "plan", admin)).hasMessageContaining("404");
        save("plan", "Le plan");
        assertThat(documents.remove("town", "plan", admin).getStatus()).isEqualTo(204);
        assertThatThrownBy(() -> documents.remove("town", "used", admin)).isInstanceOf(LaunchRefusedException.class);
        assertThatThrownBy(() -> documents.list("elsewhere", admin)).hasMessageContaining("404");
    }
}
