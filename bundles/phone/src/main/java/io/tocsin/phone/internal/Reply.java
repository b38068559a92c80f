package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue.AskKeys;
import io.tocsin.channel.api.Dialogue.AskRecording;
import io.tocsin.channel.api.Dialogue.Connect;
import io.tocsin.channel.api.Dialogue.GoOn;
import io.tocsin.channel.api.Dialogue.HangUp;
import io.tocsin.channel.api.Dialogue.Heard;
import io.tocsin.channel.api.Dialogue.Keys;
import io.tocsin.channel.api.Dialogue.Then;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One turn.
 *
 * @param said in order; may be empty
 * @param next who hears what comes of it; nobody after a hang-up
 */
record Reply(List<Words> said, Then then, Talk next) {
    private static final Talk NOBODY = heard -> hangUp(List.of());

    Reply {
        said = List.copyOf(said);
    }

    static Reply keys(List<Words> said, int most, Duration patience, Talk next) {
        return new Reply(said, new AskKeys(most, patience), next);
    }

    /** Asks nothing: the next turn comes when it is said. */
    static Reply goOn(List<Words> said, Talk next) {
        return new Reply(said, new GoOn(), next);
    }

    static Reply recording(List<Words> said, Duration longest, Talk next) {
        return new Reply(said, new AskRecording(longest), next);
    }

    static Reply connect(String number) {
        return new Reply(List.of(), new Connect(number), NOBODY);
    }

    static Reply hangUp(List<Words> said) {
        return new Reply(said, new HangUp(), NOBODY);
    }

    /** The same, with something said first. */
    Reply after(List<Words> before) {
        List<Words> all = new ArrayList<>(before);
        all.addAll(said);
        return new Reply(all, then, next);
    }

    /** What was pressed; empty: nothing. */
    static String keys(Heard heard) {
        return heard instanceof Keys pressed ? pressed.keys() : "";
    }
}
