package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.peers.Alaw;
import io.tocsin.peers.Asterisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What calls of the tests are made of: sounds that are told apart octet by octet, and messages of them. */
final class Given {
    /** What a test leaves under way is not waited for. */
    private static final Duration DRAIN_LIMIT = Duration.ofMillis(300);

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(8);

    static final String SECRET = "Topf-secret-9";
    static final byte[] MESSAGE = Alaw.sweep(3, 1);
    static final byte[] QUESTION = Alaw.sweep(1, 2);
    static final byte[] THANKS = Alaw.sweep(0.8, 3);
    static final byte[] UNCLEAR = Alaw.sweep(0.6, 4);
    static final byte[] PIN = Alaw.sweep(0.7, 5);

    private final Path sounds;

    Given(Path sounds) throws Exception {
        this.sounds = sounds;
        sound("message", MESSAGE);
        sound("question", QUESTION);
        sound("thanks", THANKS);
        sound("unclear", UNCLEAR);
        sound("pin", PIN);
    }

    Path sound(String name, byte[] alaw) throws Exception {
        return Files.write(sounds.resolve(name + ".alaw"), alaw);
    }

    List<Path> said(String name) {
        return List.of(sounds.resolve(name + ".alaw"));
    }

    static Channel open(Asterisk asterisk, ChannelEvents events, Map<String, String> more) throws Exception {
        return new VoiceChannelProvider(DRAIN_LIMIT, CHECK_LIMIT)
                .open(new ChannelAccount("real", settings(asterisk, more)), events);
    }

    static Map<String, String> settings(Asterisk asterisk, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "host", "127.0.0.1",
                "port", String.valueOf(asterisk.ari().getPort()),
                "user", "tocsin",
                "password", SECRET,
                "dial", "PJSIP/{number}@carrier",
                "numbers", "national",
                "lines", "50",
                "caller-id", "+33162000001, +33378000002",
                "caller-name", "Mairie"));
        settings.putAll(more);
        return settings;
    }

    CallScript.Question question() {
        return new CallScript.Question(
                said("question"),
                Map.of("1", said("thanks"), "2", said("thanks")),
                Map.of("9", "+33639980021"),
                Optional.of("*"),
                said("unclear"),
                Duration.ofSeconds(3),
                2);
    }

    CallScript asking(AnsweringMachine machine) {
        return script(said("message"), Optional.of(question()), machine);
    }

    CallScript telling(AnsweringMachine machine) {
        return script(said("message"), Optional.empty(), machine);
    }

    CallScript script(List<Path> message, Optional<CallScript.Question> question, AnsweringMachine machine) {
        return new CallScript(
                message,
                1,
                question,
                Optional.empty(),
                machine,
                Duration.ofSeconds(6),
                Map.of("busy", Duration.ofSeconds(42)));
    }

    static OutboundMessage message(String reference, String number, CallScript script) {
        return new OutboundMessage(
                reference,
                number,
                Optional.empty(),
                "fr",
                "",
                "Ceci est un exercice.",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.LIFE_SAFETY,
                true,
                false,
                reference,
                Optional.of(script),
                Optional.empty());
    }
}
