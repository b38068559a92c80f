package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.lab.mail.MailScript;
import io.tocsin.lab.mail.MailScript.Move;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that says "later": what it slows, what it does not, and that it needs nobody to come back. */
class MailThrottlingTest {
    private static final int PEOPLE = 60;

    private LabPeer busy;
    private LabPeer other;
    private Channel slowed;
    private Channel untouched;

    @BeforeEach
    void twoAccounts() throws Exception {
        busy = new LabPeer();
        other = new LabPeer();
        Map<String, String> settings = new HashMap<>(busy.settings());
        settings.put("retry-interval", "7s");
        settings.put("window", "16");
        slowed = Mails.up(settings, new RecordingEvents());
        untouched = Mails.up(other.settings(), new RecordingEvents());
    }

    @AfterEach
    void stop() {
        slowed.close();
        untouched.close();
        busy.close();
        other.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "421 4.7.0 Too much mail from you",
                "450 4.3.2 Try later",
                "451 4.3.2 Too much at once",
                "452 4.5.3 Too many recipients",
                "452 4.3.1 Out of space"
            })
    void slowsThatAccountAloneAndComesBackByItself(String line) throws Exception {
        busy.mail().follow(atRecipient(line, to -> true));
        for (int n = 0; n < 5; n++) {
            assertThat(Mails.sent(slowed, Mails.message("s" + n, address(n))))
                    .isInstanceOfSatisfying(Retry.class, retry -> {
                        assertThat(retry.scope()).isEqualTo(Scope.ACCOUNT);
                        assertThat(retry.after()).isEqualTo(Duration.ofSeconds(7));
                        assertThat(retry.code()).startsWith("smtp-" + line.substring(0, 3));
                    });
            assertThat(Mails.sent(untouched, Mails.message("u" + n, address(n))))
                    .isInstanceOf(Accepted.class);
        }
        assertThat(untouched.health().state()).isEqualTo(ChannelHealth.State.UP);

        busy.mail().follow(MailScript.none());
        await().atMost(Mails.LIMIT)
                .until(() -> Mails.sent(slowed, Mails.message("back", address(1))) instanceof Accepted);
        assertThat(slowed.health().state()).isEqualTo(ChannelHealth.State.UP);
        assertThat(busy.accepted()).as("nothing left while it was refused").containsOnly(address(1));
    }

    @Test
    void someRefusedForNowDelayNobodyElse() throws Exception {
        busy.mail()
                .follow(atRecipient(
                        "450 4.2.1 Receiving too fast", to -> Integer.parseInt(to.split("[.@]")[1]) % 3 == 0));
        List<SendOutcome> first = sent("first");
        for (int n = 0; n < PEOPLE; n++) {
            assertThat(first.get(n))
                    .as("person %d", n)
                    .isEqualTo(
                            n % 3 == 0
                                    ? new Retry("smtp-450-4.2.1", Duration.ZERO, Scope.MESSAGE)
                                    : new Accepted("first." + n + "@commune.example"));
        }
        assertThat(slowed.health().state()).isEqualTo(ChannelHealth.State.UP);
        assertThat(busy.mail().counters().connections())
                .as("a refused recipient costs no connection")
                .isLessThanOrEqualTo(4);

        busy.mail().follow(MailScript.none());
        assertThat(sent("second")).allMatch(Accepted.class::isInstance);
        assertThat(busy.mail().counters().duplicates()).isZero();
    }

    @Test
    void aServerThatHangsUpOnSomeStillTakesTheOthers() throws Exception {
        busy.mail().follow(atRecipient("421 4.7.0 Good bye", to -> Integer.parseInt(to.split("[.@]")[1]) % 5 == 0));
        List<SendOutcome> outcomes = sent("bye");
        for (int n = 0; n < PEOPLE; n++) {
            assertThat(outcomes.get(n)).as("person %d", n).isInstanceOf(n % 5 == 0 ? Retry.class : Accepted.class);
        }
        busy.mail().follow(MailScript.none());
        assertThat(sent("again")).allMatch(Accepted.class::isInstance);
    }

    private List<SendOutcome> sent(String reference) throws Exception {
        List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
        for (int n = 0; n < PEOPLE; n++) {
            all.add(slowed.send(Mails.message(reference + "." + n, address(n))).toCompletableFuture());
        }
        List<SendOutcome> outcomes = new ArrayList<>();
        for (CompletableFuture<SendOutcome> one : all) {
            outcomes.add(one.get(Mails.LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
        return outcomes;
    }

    private static String address(int n) {
        return "habitant." + n + "@commune.example";
    }

    private static MailScript atRecipient(String line, Predicate<String> whom) {
        return new MailScript() {
            @Override
            public CompletionStage<Move> atRecipient(String recipient) {
                return CompletableFuture.completedFuture(whom.test(recipient) ? new Move.Say(line) : new Move.GoOn());
            }
        };
    }
}
