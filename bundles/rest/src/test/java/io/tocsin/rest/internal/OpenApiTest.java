package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.core.util.PrimitiveType;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.oas.integration.SwaggerConfiguration;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.resources.AlertRuns;
import jakarta.ws.rs.HttpMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the description that is served against the code. After a change on purpose, rewrite it with {@code mvn -pl
 * bundles/rest -am test -Dtest=OpenApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dopenapi.write=true} and read the
 * difference.
 */
class OpenApiTest {
    /** What the server publishes, and the one door beside it that is a servlet of its own. */
    private static final Set<Class<?>> RESOURCES = Stream.concat(
                    Api.published(
                                    null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                                    null, null, null, null, null, null, null, null, null, null)
                            .stream()
                            .map(Object::getClass)
                            .filter(type -> type.isAnnotationPresent(jakarta.ws.rs.Path.class)),
                    Stream.of(Streams.class))
            .sorted(Comparator.comparing(Class::getName))
            .collect(Collectors.toCollection(LinkedHashSet::new));

    private static final Path SERVED = Path.of("src/main/resources/io/tocsin/rest/openapi.json");

    @Test
    void theDescriptionServedIsTheCodes() throws Exception {
        String described = Json31.pretty(describe()) + "\n";
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(SERVED, described, StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(SERVED, StandardCharsets.UTF_8)).isEqualTo(described);
    }

    @Test
    void everyMethodSaysWhomItLetsIn() {
        List<String> silent = new ArrayList<>();
        int methods = 0;
        for (Class<?> resource : RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                if (answersHttp(method)) {
                    methods++;
                    if (!method.isAnnotationPresent(Allow.class)) {
                        silent.add(resource.getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(methods).isGreaterThan(40);
    }

    @Test
    void aStreamLetsInWhomItsAlertLetsIn() throws Exception {
        Method get = AlertRuns.class.getMethod("status", String.class, long.class, Caller.class);
        Method follow = Arrays.stream(Streams.class.getMethods())
                .filter(OpenApiTest::answersHttp)
                .findFirst()
                .orElseThrow();

        assertThat(follow.getAnnotation(Allow.class).value())
                .containsExactlyInAnyOrder(get.getAnnotation(Allow.class).value());
    }

    private static boolean answersHttp(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            if (annotation.annotationType().isAnnotationPresent(HttpMethod.class)) {
                return true;
            }
        }
        return false;
    }

    private static OpenAPI describe() {
        // Written as Jackson writes it: ISO-8601, and not the parts of the class.
        PrimitiveType.customClasses().put(Duration.class.getName(), PrimitiveType.STRING);
        Names names = new Names();
        ModelConverters.getInstance(true).addConverter(new ModelResolver(Json.mapper(), names));
        ModelConverters.getInstance(true).readAll(Problem.class);
        OpenAPI api = new OpenAPI()
                .info(new Info()
                        .title("Tocsin")
                        .version("1")
                        .description("Mass alerting: onboard tenants, launch and follow alerts, prove what was done."
                                + " Errors are application/problem+json (RFC 9457)."))
                .addServersItem(new Server().url("/api/v1"))
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("A token of POST /sessions, or an API key")))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
        OpenAPI described = new Reader(new SwaggerConfiguration().openAPI(api).openAPI31(true)).read(RESOURCES);
        Map<String, PathItem> sorted = new TreeMap<>(described.getPaths());
        described.getPaths().clear();
        sorted.forEach(described.getPaths()::addPathItem);
        described.getPaths().forEach((path, item) -> item.readOperationsMap()
                .forEach((method, operation) -> polish(method.name().toLowerCase(Locale.ROOT), path, operation)));
        Map<String, Schema> schemas = new TreeMap<>(described.getComponents().getSchemas());
        sayWhatIsAnswered(described, schemas);
        schemas.putAll(ModelConverters.getInstance(true).readAll(Problem.class));
        described.getComponents().setSchemas(schemas);
        sayWhatIsAlwaysThere(described, names);
        return described;
    }

    /** What stands behind a Response says its method, with {@link Answers}. */
    private static void sayWhatIsAnswered(OpenAPI described, Map<String, Schema> schemas) {
        for (Class<?> resource : RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                Answers answers = method.getAnnotation(Answers.class);
                if (answers == null) {
                    continue;
                }
                schemas.putAll(ModelConverters.getInstance(true).readAll(answers.value()));
                String path = resource.getAnnotation(jakarta.ws.rs.Path.class).value();
                jakarta.ws.rs.Path more = method.getAnnotation(jakarta.ws.rs.Path.class);
                Operation operation = described
                        .getPaths()
                        .get(more == null ? path : path + "/" + more.value())
                        .readOperationsMap()
                        .get(PathItem.HttpMethod.valueOf(verb(method)));
                operation
                        .getResponses()
                        .get("2XX")
                        .content(new Content()
                                .addMediaType(
                                        "application/json",
                                        new MediaType()
                                                .schema(new Schema<>()
                                                        .$ref("#/components/schemas/"
                                                                + answers.value()
                                                                        .getSimpleName()))));
            }
        }
    }

    private static String verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** Two classes of one name would be one schema, of which the later wins; and schemas are asked for their classes. */
    private static final class Names extends TypeNameResolver {
        private final Map<String, Class<?>> classes = new HashMap<>();

        @Override
        public String nameForType(JavaType type, Set<Options> options) {
            String name = type.getRawClass() == LaunchRefusedException.Problem.class
                    ? "Refusal"
                    : super.nameForType(type, options);
            classes.put(name, type.getRawClass());
            return name;
        }
    }

    /**
     * Of what is only ever answered, every part is there that is no Optional. What is sent may leave parts out as its resource
     * says; and {@link Problem} leaves out what is empty.
     */
    private static void sayWhatIsAlwaysThere(OpenAPI described, Names names) {
        Map<String, Schema> schemas = described.getComponents().getSchemas();
        Set<String> sent = new HashSet<>();
        described.getPaths().values().stream()
                .flatMap(item -> item.readOperations().stream())
                .map(Operation::getRequestBody)
                .filter(Objects::nonNull)
                .flatMap(body -> body.getContent().values().stream())
                .forEach(media -> reach(media.getSchema(), schemas, sent));
        schemas.forEach((name, schema) -> {
            Class<?> type = names.classes.get(name);
            if (type != null && type.isRecord() && !sent.contains(name)) {
                schema.setRequired(parts(type)
                        .filter(part -> part.getType() != Optional.class)
                        .filter(part -> type != Problem.class || part.getType() != List.class)
                        .map(RecordComponent::getName)
                        .sorted()
                        .toList());
            }
        });
    }

    /** What is unwrapped stands there with parts of its own. */
    private static Stream<RecordComponent> parts(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(part -> part.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? parts(part.getType())
                        : Stream.of(part));
    }

    private static void reach(Schema<?> schema, Map<String, Schema> schemas, Set<String> reached) {
        if (schema == null) {
            return;
        }
        if (schema.get$ref() != null) {
            String name = schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1);
            if (reached.add(name)) {
                reach(schemas.get(name), schemas, reached);
            }
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(part -> reach(part, schemas, reached));
        }
        reach(schema.getItems(), schemas, reached);
        if (schema.getAdditionalProperties() instanceof Schema<?> value) {
            reach(value, schemas, reached);
        }
    }

    /** What the reader cannot know: stable ids, JSON unless said otherwise, and that every operation may answer a problem. */
    private static void polish(String method, String path, Operation operation) {
        operation.setOperationId(method
                + path.replaceAll("[{}]", "").replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", ""));
        operation.getResponses().values().forEach(response -> asJson(response.getContent()));
        if (path.startsWith("/streams/")) {
            asEvents(operation);
        }
        if (operation.getRequestBody() != null && !path.contains("/imports") && !path.contains("/recordings")) {
            asJson(operation.getRequestBody().getContent());
        }
        ApiResponse answered = operation.getResponses().remove("default");
        if (answered != null) {
            operation.getResponses().addApiResponse("2XX", answered);
        }
        operation
                .getResponses()
                .addApiResponse(
                        "4XX",
                        new ApiResponse()
                                .description("A problem, naming the field, row or rule and the cure")
                                .content(new Content()
                                        .addMediaType(
                                                "application/problem+json",
                                                new MediaType()
                                                        .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
    }

    private static void asEvents(Operation operation) {
        operation.setDescription(
                "Server-sent events: `status`, one a second while something moves, and `end`, both with the alert's"
                        + " status as data; `refused`, with a problem, when the token ended or may no longer look. A"
                        + " stream lasts an hour at most.");
        operation
                .getResponses()
                .getDefault()
                .content(new Content()
                        .addMediaType(
                                "text/event-stream",
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/Status"))));
    }

    private static void asJson(Content content) {
        if (content != null && content.containsKey("*/*")) {
            content.addMediaType("application/json", content.remove("*/*"));
        }
    }
}
