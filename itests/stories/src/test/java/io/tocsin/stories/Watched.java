package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** An alert of {@link Combe}, watched through the API of a node: at every look the law of conservation holds. */
final class Watched {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    private final long id;
    private Api api;

    private Watched(Api api, long id) {
        this.api = api;
        this.id = id;
    }

    /** The five-way count of people. */
    record Totals(
            long recipients, long answered, long delivered, long failed, long unknown, long pending, long flagged) {}

    /** A person of the alert. */
    record Person(String state, String code, boolean possibleDuplicate) {}

    /** Waits until the tenant's folder is applied, and signs in. */
    static Api signIn(RunningNode node) {
        Api api = node.api();
        Awaitility.await("the tenant's folder is applied")
                .atMost(LIMIT)
                .pollInterval(BETWEEN_LOOKS)
                .ignoreException(IOException.class)
                .until(() -> {
                    boolean known = false;
                    for (JsonNode check : api.get("/health/ready").json().path("checks")) {
                        assertThat(check.get("state").asText())
                                .as(check.toString())
                                .isNotEqualTo("broken");
                        known |= check.get("name").asText().startsWith("account " + Combe.SLUG);
                    }
                    return known && folder(api).equals("applied");
                });
        return api;
    }

    /** Signs in when it has not been done: who tries too often is locked out for a while. */
    private static String folder(Api api) throws IOException, InterruptedException {
        String path = "/api/v1/tenants/" + Combe.SLUG + "/folder";
        Api.Answer answer = api.get(path);
        if (answer.status() == 401) {
            api.signIn(Combe.LOGIN, Combe.PASSWORD);
            answer = api.get(path);
        }
        return answer.json().path("state").asText();
    }

    /** Waits until every account is up. */
    static void awaitAccounts(RunningNode node) {
        Awaitility.await("every account is up")
                .atMost(LIMIT)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> {
                    Map<String, String> accounts = accounts(node);
                    return !accounts.isEmpty() && accounts.values().stream().allMatch(a -> a.startsWith("up"));
                });
    }

    /** State and detail of each account, by its slug, as the node's health says. */
    static Map<String, String> accounts(RunningNode node) throws IOException, InterruptedException {
        Map<String, String> accounts = new TreeMap<>();
        for (JsonNode check : node.api().get("/health/ready").json().path("checks")) {
            String name = check.get("name").asText();
            if (name.startsWith("account ")) {
                accounts.put(
                        name.substring("account ".length()),
                        check.get("state").asText() + " " + check.path("detail").asText());
            }
        }
        return accounts;
    }

    static Watched launch(Api api, String scenario, String list) throws IOException, InterruptedException {
        JsonNode alert = api.launch(
                        Combe.SLUG,
                        UUID.randomUUID().toString(),
                        Map.of("scenario", scenario, "drill", false, "lists", List.of(list)))
                .expect(201);
        return new Watched(api, alert.get("alertId").asLong());
    }

    long id() {
        return id;
    }

    /** The same alert, through another node or a node started again. */
    Watched through(Api other) {
        api = other;
        return this;
    }

    String path() {
        return "/api/v1/tenants/" + Combe.SLUG + "/alerts/" + id;
    }

    JsonNode status() {
        try {
            return api.get(path()).expect(200);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @throws AssertionError when people are lost or counted twice */
    Totals totals() {
        JsonNode t = status().get("totals");
        Totals totals = new Totals(
                t.get("recipients").asLong(),
                t.get("answered").asLong(),
                t.get("delivered").asLong(),
                t.get("failed").asLong(),
                t.get("unknown").asLong(),
                t.get("pending").asLong(),
                t.get("flagged").asLong());
        Conservation.checkShown(
                totals.recipients, totals.answered, totals.delivered, totals.failed, totals.unknown, totals.pending);
        return totals;
    }

    /** Looks again and again until the totals are as wanted. */
    Totals await(String what, Predicate<Totals> wanted) {
        return Awaitility.await(what).atMost(LIMIT).pollInterval(BETWEEN_LOOKS).until(this::totals, wanted);
    }

    /** Looks again and again until something outside the node is so. */
    void await(String what, Callable<Boolean> so) {
        Awaitility.await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
            totals();
            return so.call();
        });
    }

    void close() throws IOException, InterruptedException {
        api.post(path() + "/closing", Map.of()).expect(200);
    }

    /** Everybody of the alert, by number. */
    Map<Integer, Person> people() throws IOException, InterruptedException {
        Map<Integer, Person> people = new TreeMap<>();
        String after = "";
        while (after != null) {
            JsonNode page =
                    api.get(path() + "/people?limit=1000&after=" + after).expect(200);
            for (JsonNode p : page.get("items")) {
                people.put(
                        Combe.person(p.get("name").asText()),
                        new Person(
                                p.get("state").asText().toLowerCase(java.util.Locale.ROOT),
                                p.path("lastCode").asText(""),
                                p.get("possibleDuplicate").asBoolean()));
            }
            after = page.path("next").isTextual() ? page.get("next").asText() : null;
        }
        return people;
    }
}
