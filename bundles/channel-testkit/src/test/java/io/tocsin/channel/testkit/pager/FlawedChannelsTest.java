package io.tocsin.channel.testkit.pager;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The contract finds what is wrong: each flaw fails the case that is about it. */
class FlawedChannelsTest {

    @Test
    void oneThatAnswersTwiceFails() {
        assertThat(failures(AnswersTwice.class)).anyMatch(test -> test.startsWith("acceptedMessageIsAcceptedOnce"));
    }

    @Test
    void oneThatFailsAStageFails() {
        assertThat(failures(FailsItsStages.class)).anyMatch(test -> test.startsWith("acceptedMessageIsAcceptedOnce"));
    }

    @Test
    void oneThatLogsItsTokenFails() {
        assertThat(failures(LogsItsToken.class)).anyMatch(test -> test.startsWith("secretsStayInside"));
    }

    @Test
    void oneThatTakesAnySettingsFails() {
        assertThat(failures(TakesAnySettings.class)).contains("no-such-setting = 1", "port = many");
    }

    @Test
    void oneThatTakesARefusalForAnAcceptanceFails() {
        assertThat(failures(HearsWhatItLikes.class))
                .anyMatch(test -> test.startsWith("refusedAddressIsRejectedAsTheAddressFault"))
                .anyMatch(test -> test.startsWith("throttledMessageIsWorthAnotherTry"));
    }

    /** Runs the quick cases of a contract. @return the names of those that failed */
    private static Set<String> failures(Class<? extends ChannelContract> contract) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(List.of(
                                        DiscoverySelectors.selectMethod(contract, "acceptedMessageIsAcceptedOnce"),
                                        DiscoverySelectors.selectMethod(contract, "throttledMessageIsWorthAnotherTry"),
                                        DiscoverySelectors.selectMethod(
                                                contract, "refusedAddressIsRejectedAsTheAddressFault"),
                                        DiscoverySelectors.selectMethod(contract, "wrongSettingIsNamed"),
                                        DiscoverySelectors.selectMethod(contract, "secretsStayInside")))
                                .build(),
                        listener);
        return listener.getSummary().getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName())
                .collect(Collectors.toSet());
    }

    abstract static class Flawed extends ChannelContract {
        @Override
        protected ChannelProvider provider() {
            return new FlawedProvider();
        }

        private final class FlawedProvider implements ChannelProvider {
            @Override
            public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
                ChannelAccount taken = taken(account);
                return new FlawedChannel(new PagerProvider().open(taken, events), taken.settings());
            }

            @Override
            public String toString() {
                return "FlawedProvider";
            }
        }

        ChannelAccount taken(ChannelAccount account) {
            return account;
        }

        CompletionStage<SendOutcome> answer(CompletionStage<SendOutcome> good, Map<String, String> settings) {
            return good;
        }

        private final class FlawedChannel implements Channel {
            private final Channel good;
            private final Map<String, String> settings;

            FlawedChannel(Channel good, Map<String, String> settings) {
                this.good = good;
                this.settings = settings;
            }

            @Override
            public CompletionStage<SendOutcome> send(OutboundMessage message) {
                return answer(good.send(message), settings);
            }

            @Override
            public int window() {
                return good.window();
            }

            @Override
            public ChannelHealth health() {
                return good.health();
            }

            @Override
            public void close() {
                good.close();
            }

            @Override
            public String toString() {
                return "FlawedChannel";
            }
        }

        @Override
        protected CarrierPeer startPeer() throws IOException {
            return PagerPeer.start();
        }

        @Override
        protected String address(int n) {
            return "+3363998%04d".formatted(n);
        }

        @Override
        protected Optional<Class<?>> definition() {
            return Optional.of(PagerAccount.class);
        }

        @Override
        protected Stream<BadSetting> badSettings() {
            return Stream.empty();
        }
    }

    static final class AnswersTwice extends Flawed {
        @Override
        CompletionStage<SendOutcome> answer(CompletionStage<SendOutcome> good, Map<String, String> settings) {
            return new CompletableFuture<>() {
                @Override
                public CompletableFuture<SendOutcome> whenComplete(
                        BiConsumer<? super SendOutcome, ? super Throwable> action) {
                    good.whenComplete(action);
                    good.whenComplete(action);
                    return this;
                }
            };
        }
    }

    static final class FailsItsStages extends Flawed {
        @Override
        CompletionStage<SendOutcome> answer(CompletionStage<SendOutcome> good, Map<String, String> settings) {
            return good.thenApply(outcome -> {
                throw new IllegalStateException("instead of an outcome");
            });
        }
    }

    static final class LogsItsToken extends Flawed {
        @Override
        CompletionStage<SendOutcome> answer(CompletionStage<SendOutcome> good, Map<String, String> settings) {
            java.util.logging.Logger.getLogger("pager").fine(settings.get("token"));
            java.util.logging.Logger.getLogger("pager").info("sending with " + settings.get("token"));
            return good;
        }
    }

    static final class TakesAnySettings extends Flawed {
        @Override
        ChannelAccount taken(ChannelAccount account) {
            Map<String, String> patched = new HashMap<>(account.settings());
            patched.remove("no-such-setting");
            patched.computeIfPresent("port", (name, port) -> port.equals("many") ? "7777" : port);
            return new ChannelAccount(account.id(), patched);
        }
    }

    static final class HearsWhatItLikes extends Flawed {
        @Override
        CompletionStage<SendOutcome> answer(CompletionStage<SendOutcome> good, Map<String, String> settings) {
            return good.thenApply(outcome -> new SendOutcome.Accepted("1"));
        }
    }
}
