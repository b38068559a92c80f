package io.tocsin.channel.publish.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.channel.testkit.CarrierPeer.Answer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Posts on a server that keeps to Mastodon's API. */
class MastodonTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String HANDLE = MastodonPeer.handle(1);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T18:30:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private MastodonPeer peer;
    private Account account;

    @BeforeEach
    void start() throws Exception {
        peer = new MastodonPeer();
    }

    @AfterEach
    void stop() {
        if (account != null) {
            account.close();
        }
        peer.close();
    }

    private void open(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(peer.settings());
        settings.put("mastodon", HANDLE);
        settings.put("pages", "");
        settings.putAll(more);
        account = new Account(folder, CLOCK, settings);
    }

    private static OutboundMessage alert(String reference, String text) {
        return Messages.alert(reference, HANDLE, "", text);
    }

    @Test
    void anAlertIsPostedOnceAndChangedWhereItStands() throws Exception {
        open(Map.of());
        Accepted first = (Accepted) account.send(alert("1.a.1.0", "Montez à l’étage."));
        assertThat(account.send(alert("1.a.2.0", "Montez à l’étage."))).isEqualTo(first);
        assertThat(peer.requests()).hasSize(1);
        MastodonPeer.Request post = peer.requests().get(0);
        assertThat(post.method()).isEqualTo("POST");
        assertThat(post.path()).isEqualTo("/api/v1/statuses");
        assertThat(post.body())
                .isEqualTo("{\"status\":\"Montez à l’étage.\",\"visibility\":\"public\",\"language\":\"fr\"}");

        assertThat(account.send(alert("1.a.3.0", "Rejoignez l’école."))).isEqualTo(first);
        assertThat(peer.requests().get(1).method()).isEqualTo("PUT");
        assertThat(peer.statuses()).hasSize(1);
        assertThat(peer.statuses().values()).allMatch(body -> body.contains("école"));

        account.close();
        open(Map.of());
        assertThat(account.send(alert("1.a.4.0", "Redescendez.")))
                .as("also after a restart")
                .isEqualTo(first);
        assertThat(account.send(alert("1.b.1.0", "Eau coupée."))).isNotEqualTo(first);
        assertThat(peer.statuses()).hasSize(2);
    }

    @Test
    void aPostThatIsGoneIsMadeAnew() throws Exception {
        open(Map.of());
        Accepted first = (Accepted) account.send(alert("1.a.1.0", "Montez."));
        peer.statuses().clear();
        SendOutcome second = account.send(alert("1.a.2.0", "Redescendez."));
        assertThat(second).isInstanceOf(Accepted.class).isNotEqualTo(first);
        assertThat(peer.statuses()).hasSize(1);
        account.send(alert("1.a.3.0", "Montez."));
        assertThat(peer.statuses()).as("from then on that one is changed").hasSize(1);
    }

    @Test
    void whatIsSentAgainAfterADoubtHasTheSameKey() throws Exception {
        open(Map.of("response-timeout", "300ms"));
        peer.answer(Answer.STALL);
        assertThat(account.send(alert("1.a.1.0", "Montez."))).isEqualTo(new InDoubt("response-timeout"));
        peer.answer(Answer.ACCEPT);
        await().atMost(LIMIT).until(() -> peer.requests().size() == 1);
        assertThat(account.send(alert("1.a.2.0", "Montez."))).isInstanceOf(Accepted.class);
        assertThat(peer.requests())
                .extracting(request -> request.headers().get("idempotency-key"))
                .containsOnly(peer.requests().get(0).headers().get("idempotency-key"));
        assertThat(peer.statuses()).as("the server did it once").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, CONTENT",
        "401, ACCOUNT",
        "403, ACCOUNT",
        "404, ADDRESS",
        "410, ADDRESS",
        "422, CONTENT",
        "302, ADDRESS"
    })
    void refusalsAreFinalAndSayWhose(int status, Fault fault) throws Exception {
        open(Map.of());
        peer.refusing(status, Map.of("Location", "http://127.0.0.1:1/elsewhere"));
        assertThat(account.send(alert("1.a.1.0", "Montez."))).isEqualTo(new Rejected("http-" + status, fault));
        assertThat(peer.requests()).as("no redirect is followed").hasSize(1);
        assertThat(peer.statuses()).isEmpty();
    }

    @Test
    void aServerThatIsBusyIsLeftAloneAsLongAsItSays() throws Exception {
        open(Map.of());
        peer.refusing(429, Map.of("Retry-After", "7"));
        assertThat(account.send(alert("1.a.1.0", "Montez.")))
                .isEqualTo(new Retry("http-429", Duration.ofSeconds(7), Scope.ACCOUNT));
        peer.refusing(429, Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "2026-11-22T18:33:00.000000Z"));
        assertThat(account.send(alert("1.a.1.0", "Montez.")))
                .isEqualTo(new Retry("http-429", Duration.ofMinutes(3), Scope.ACCOUNT));
        peer.refusing(503, Map.of("Retry-After", "9999999"));
        assertThat(account.send(alert("1.a.1.0", "Montez.")))
                .isEqualTo(new Retry("http-503", Duration.ofHours(1), Scope.ACCOUNT));
        peer.refusing(500, Map.of());
        assertThat(account.send(alert("1.a.1.0", "Montez.")))
                .isEqualTo(new Retry("http-500", Duration.ZERO, Scope.MESSAGE));
    }

    @Test
    void aLongTextIsCutOnlyWhereTheRestCanBeRead() throws Exception {
        open(Map.of());
        String text = "Rejoignez l’école. ".repeat(40);
        assertThat(account.send(alert("1.a.1.0", text))).isEqualTo(new Rejected("text-too-long", Fault.CONTENT));
        account.close();
        open(Map.of("pages", "ville"));
        assertThat(account.send(alert("1.a.1.0", text))).isInstanceOf(Accepted.class);
        assertThat(peer.requests().get(0).body())
                .contains("…\\n\\nhttps://alertes.commune.example/public/saint-aurel/ville/\"")
                .hasSizeLessThan(600);
    }

    @Test
    void anExerciseSaysSoFirst() throws Exception {
        open(Map.of());
        account.send(Messages.drill("1.a.1.0", HANDLE, "Crue", "Montez."));
        account.send(Messages.drill("1.b.1.0", HANDLE, "", "EXERCICE Montez."));
        assertThat(peer.requests().get(0).body()).contains("\"status\":\"EXERCICE — Crue\\n\\nMontez.\"");
        assertThat(peer.requests().get(1).body()).contains("\"status\":\"EXERCICE Montez.\"");
    }

    @Test
    void aServerThatIsAwayHoldsUpNoPage() throws Exception {
        open(Map.of("pages", "ville", "response-timeout", "20s"));
        await().atMost(LIMIT).until(() -> account.channel.health().state() == ChannelHealth.State.UP);
        peer.answer(Answer.STALL);
        var stalled = account.channel.send(alert("1.a.1.0", "Montez.")).toCompletableFuture();
        assertThat(account.send(Messages.alert("1.a.1.1", "saint-aurel/ville", "", "Montez.")))
                .isInstanceOf(Accepted.class);
        assertThat(stalled).isNotDone();
        peer.answer(Answer.ACCEPT);
        assertThat(stalled.get()).isInstanceOf(Accepted.class);
        peer.close();
        assertThat(account.send(alert("1.b.1.0", "Montez."))).isInstanceOf(Retry.class);
        assertThat(account.channel.health().state()).isEqualTo(ChannelHealth.State.DEGRADED);
    }

    @Test
    void addressesOfThisNodeAreNotReachedUnlessTheAccountSaysSo() throws Exception {
        open(Map.of("network", "public"));
        assertThat(account.send(alert("1.a.1.0", "Montez.")))
                .isEqualTo(new Rejected("address-not-allowed", Fault.ACCOUNT));
        assertThat(peer.read()).isZero();
    }

    @Test
    void eachAccountHasItsOwnToken() throws Exception {
        open(Map.of(
                "mastodon",
                HANDLE + ", " + MastodonPeer.handle(2),
                "mastodon-token",
                HANDLE + " " + MastodonPeer.TOKEN + "\n" + MastodonPeer.handle(2) + " Wrong-4711"));
        assertThat(account.send(alert("1.a.1.0", "Montez."))).isInstanceOf(Accepted.class);
        assertThat(account.send(Messages.alert("1.a.1.0", MastodonPeer.handle(2), "", "Montez.")))
                .isEqualTo(new Rejected("http-401", Fault.ACCOUNT));
        await().atMost(LIMIT).until(() -> account.channel.health().state() == ChannelHealth.State.DEGRADED);
        assertThat(account.channel.health().detail()).contains("mastodon-token").doesNotContain("Wrong-4711");
    }
}
