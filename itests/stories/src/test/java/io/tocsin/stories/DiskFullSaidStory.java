package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What becomes of an alert while PostgreSQL answers every write of the ledger that its disk is full (53100). Here it is
 * told to say so, which can be done anywhere; {@link DiskFullStory} fills a real disk where one can be mounted.
 */
class DiskFullSaidStory {
    private static final int PEOPLE = 400;
    private static final List<String> FULL =
            List.of("insert on alert", "insert on attempt", "update on batch", "insert on wave");

    @Test
    void theReasonIsNamedNothingIsLostAndTheSameKeyLaunchesOnceThereIsSpace() throws Exception {
        try (SimulatedSmsc smsc = SimulatedSmsc.start(
                        SmscOptions.builder().account("tocsin", "disk-sms").build());
                RunningNode node = Combe.of(PEOPLE)
                        .sms("sms", 10, smsc.port(), 50, "reference-tag: \"0x1400\"")
                        .setting("io.tocsin.routing", "inDoubtGraceSeconds", "5")
                        .start(Map.of("TOCSIN_SECRET_SMS", "disk-sms"))) {
            Api api = Watched.signIn(node);
            Watched.awaitAccounts(node);
            Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
            alert.await("a part has left", () -> smsc.counters().submits() > PEOPLE / 8);

            full(node, true);
            Map<String, Object> request =
                    Map.of("scenario", Combe.ROADWORKS, "drill", false, "lists", List.of(Combe.LEFT_BANK));
            Api.Answer refused = api.launch(Combe.SLUG, "launch-without-space", request);
            assertThat(refused.status()).as(refused.raw().body()).isEqualTo(503);
            assertThat(refused.json().get("type").asText()).isEqualTo("urn:tocsin:problem:disk-full");
            assertThat(refused.raw().headers().firstValue("Retry-After")).isPresent();
            long before = smsc.counters().submits();
            alert.await("what is known is still told", t -> t.recipients() == PEOPLE);
            assertThat(smsc.counters().submits())
                    .as("nothing leaves whose intent cannot be written, but what was intended already")
                    .isLessThanOrEqualTo(before + 100);

            full(node, false);
            alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
            alert.people().forEach((n, person) -> assertThat(smsc.messagesTo(Combe.number(n)))
                    .as("copies of person %s, %s", n, person)
                    .isBetween(1, person.possibleDuplicate() ? 3 : 1));
            Api.Answer launched = api.launch(Combe.SLUG, "launch-without-space", request);
            assertThat(launched.status()).as(launched.raw().body()).isEqualTo(201);
        }
    }

    private static void full(RunningNode node, boolean full) throws SQLException {
        try (Connection connection = node.database();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    create or replace function disk_is_full() returns trigger language plpgsql as $$
                    begin
                        raise exception 'could not extend file: No space left on device' using errcode = '53100';
                    end $$
                    """);
            for (String write : FULL) {
                String table = write.substring(write.lastIndexOf(' ') + 1);
                statement.execute(
                        full
                                ? "create trigger disk_is_full before " + write
                                        + " for each row execute function disk_is_full()"
                                : "drop trigger disk_is_full on " + table);
            }
        }
    }
}
