package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.Dialogue.AskKeys;
import io.tocsin.channel.api.Dialogue.AskRecording;
import io.tocsin.channel.api.Dialogue.Connect;
import io.tocsin.channel.api.Dialogue.GoOn;
import io.tocsin.channel.api.Dialogue.HangUp;
import io.tocsin.channel.api.Dialogue.Keys;
import io.tocsin.channel.api.Dialogue.Nothing;
import io.tocsin.channel.api.Dialogue.Recorded;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A person at the other end: hears what is said, as words, and presses keys. */
final class Heard {
    private Reply reply;

    private Heard(Reply reply) {
        this.reply = reply;
    }

    static Heard calling(Talk talk) {
        return new Heard(talk.next(new Nothing()));
    }

    /** @param keys with the {@code #} at their end, if it is pressed; without: patience, or their number, ends them */
    Heard press(String keys) {
        boolean hash = keys.endsWith("#");
        return then(new Keys(hash ? keys.substring(0, keys.length() - 1) : keys, hash));
    }

    Heard silence() {
        return then(new Nothing());
    }

    Heard speak(byte[] alaw) {
        return then(new Recorded(alaw));
    }

    private Heard then(Dialogue.Heard heard) {
        reply = reply.next().next(heard);
        return this;
    }

    /** Names of phrases, texts in quotation marks, files; then what follows. */
    String said() {
        String words = reply.said().stream().map(Heard::word).collect(Collectors.joining(" "));
        return (words + " " + then()).strip();
    }

    private String then() {
        if (reply.then() instanceof AskKeys keys) {
            return "?" + keys.most();
        }
        if (reply.then() instanceof AskRecording) {
            return "?voice";
        }
        if (reply.then() instanceof Connect connect) {
            return "→" + connect.number();
        }
        return reply.then() instanceof HangUp ? "." : reply.then() instanceof GoOn ? "…" : "";
    }

    private static String word(Words words) {
        if (words instanceof Words.Fixed fixed) {
            return fixed.phrase() + (fixed.language().equals("fr") ? "" : ":" + fixed.language());
        }
        if (words instanceof Words.Text text) {
            return "“" + text.text() + "”";
        }
        List<Path> files = ((Words.Sounds) words).files();
        return files.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining("+"));
    }

    Reply reply() {
        return reply;
    }
}
