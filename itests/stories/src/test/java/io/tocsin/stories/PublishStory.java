package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An alert goes on the town's public page before it goes to people: published is told, and never taken for reached. */
class PublishStory {
    private static final int PEOPLE = 12;
    private static final String SCENARIO = "page";
    private static final String PAGE = "/public/combe/ville/";

    private static SimulatedSmsc carrier;
    private static RunningNode node;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        carrier = SimulatedSmsc.start(SmscOptions.builder()
                .account("tocsin", "pages-sm")
                .receiptDelay(Duration.ofMillis(50))
                .build());
        node = Combe.of(PEOPLE)
                .sms("operateur", 10, carrier.port(), 0)
                .publish(
                        "pages",
                        "site: combe",
                        "pages: ville",
                        "title: Alertes de Combe",
                        "base-url: https://alertes.combe.example")
                .page("combe/ville")
                .scenario(
                        SCENARIO,
                        """
                        name: Crue
                        category: life-safety
                        lists: [tous]
                        cascade:
                          - {channel: publish, patience: PT1S, attempts: 3, until: delivered}
                          - {channel: sms, patience: PT10M, attempts: 3, until: delivered}
                        fallback-language: fr
                        messages:
                          fr:
                            publish: {subject: "Crue <de la Loue>", text: "Montez à l'école & attendez."}
                            sms: {text: "CRUE : montez a l'ecole."}
                        """)
                .start(Map.of("TOCSIN_SECRET_OPERATEUR", "pages-sm"));
        api = Watched.signIn(node);
        Watched.awaitAccounts(node);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (carrier != null) {
            carrier.close();
        }
    }

    @Test
    void theTownReadsItAndPeopleAreReachedAllTheSame() throws Exception {
        assertThat(get(PAGE).statusCode()).isEqualTo(200);
        Watched alert = Watched.launch(api, SCENARIO, Combe.ALL);
        alert.await("people are reached by what comes after the page", t -> t.delivered() == PEOPLE);
        HttpResponse<String> page = get(PAGE);
        assertThat(page.body())
                .contains("Crue &lt;de la Loue&gt;")
                .contains("&amp; attendez.")
                .doesNotContain("<de la Loue>");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
        assertThat(get(PAGE + "atom.xml").body()).contains("Crue &lt;de la Loue&gt;");
        assertThat(get(PAGE + "rss.xml").statusCode()).isEqualTo(200);

        JsonNode totals = alert.status().get("totals");
        assertThat(totals.get("recipients").asInt()).isEqualTo(PEOPLE + 1);
        assertThat(totals.get("published").asInt()).isEqualTo(1);
        assertThat(totals.get("delivered").asInt()).as("a page is nobody").isEqualTo(PEOPLE);
        alert.close();
        assertThat(alert.totals().delivered()).isEqualTo(PEOPLE);
        assertThat(alert.totals().unknown()).as("who read it, nobody knows").isEqualTo(1);
        assertThat(alert.status().at("/totals/published").asInt()).isEqualTo(1);
        assertThat(node.console("tocsin:channels")).contains("publish");
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http() + path))
                                .build(),
                        BodyHandlers.ofString());
    }
}
