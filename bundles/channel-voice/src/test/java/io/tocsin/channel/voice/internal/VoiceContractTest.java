package io.tocsin.channel.voice.internal;

import io.netty.util.concurrent.GlobalEventExecutor;
import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The channel keeps the contract of any channel, on a plant that is not Asterisk. */
class VoiceContractTest extends ChannelContract {

    /** Calls that are never answered wait for nothing. */
    private static final Duration DRAIN_LIMIT = Duration.ofMillis(300);

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(3);
    private static Future<?> keeping;

    /** Netty's one thread for all ends a second after it was last used: not after each case. */
    @BeforeAll
    static void keepNetty() {
        keeping = GlobalEventExecutor.INSTANCE.schedule(() -> {}, 1, TimeUnit.HOURS);
    }

    @AfterAll
    static void letNettyGo() {
        keeping.cancel(false);
    }

    @TempDir
    Path sounds;

    @BeforeEach
    void speak() throws IOException {
        Files.write(sounds.resolve("message.alaw"), new byte[800]);
    }

    @Override
    protected ChannelProvider provider() {
        return new VoiceChannelProvider(DRAIN_LIMIT, CHECK_LIMIT);
    }

    @Override
    protected CarrierPeer startPeer() throws Exception {
        return new PlantPeer();
    }

    @Override
    protected Optional<Class<?>> definition() {
        return Optional.of(VoiceAccount.class);
    }

    @Override
    protected String address(int n) {
        return "+3363998%04d".formatted(n);
    }

    @Override
    protected OutboundMessage message(String reference, String address) {
        Path sound = sounds.resolve("message.alaw");
        return new OutboundMessage(
                reference,
                address,
                Optional.empty(),
                "fr",
                "Exercice",
                "Ceci est un exercice.",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.OPERATIONAL,
                true,
                false,
                reference,
                Optional.of(new CallScript(
                        List.of(sound),
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        AnsweringMachine.IGNORE,
                        Duration.ofSeconds(30),
                        Map.of())),
                Optional.empty());
    }

    @Override
    protected Stream<BadSetting> badSettings() {
        return Stream.of(
                new BadSetting("dial", Optional.of("PJSIP/trunk")),
                new BadSetting("caller-id", Optional.of("+33612345678")),
                new BadSetting("caller-name", Optional.of("a\"b")),
                new BadSetting("inbound", Optional.of("a b")));
    }
}
