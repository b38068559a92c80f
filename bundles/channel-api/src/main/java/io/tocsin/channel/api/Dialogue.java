package io.tocsin.channel.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the core says to a caller, a turn after another: the channel plays and listens, the core decides. One caller's; callable from
 * any thread, a turn at a time.
 *
 * @since 1.4
 */
@ProviderType
public interface Dialogue {

    /**
     * The next turn. Never blocks.
     *
     * @param heard what came of the turn before; {@link Nothing} at first
     * @return what to do now; exceptionally if the dialogue broke: the call is ended
     */
    CompletionStage<Turn> next(Heard heard);

    /** The call is over, whoever ended it. Nothing is asked after it. Idempotent; never blocks. */
    void ended();

    /** What came of a turn. */
    sealed interface Heard permits Nothing, Keys, Recorded {}

    /** The first turn, or nobody pressed a key, or spoke, in time. */
    record Nothing() implements Heard {}

    /**
     * @param keys what was pressed: {@code 0} to {@code 9} and {@code *}; without the {@code #} that ended it
     * @param hash whether {@code #} ended it, not patience or the most keys: what must not be done by mistake asks for it
     */
    record Keys(String keys, boolean hash) implements Heard {
        public Keys {
            Objects.requireNonNull(keys, "keys");
        }

        /** Not what was pressed: it may be a PIN. */
        @Override
        public String toString() {
            return "Keys";
        }
    }

    /** @param alaw headerless A-law, 8 kHz, mono */
    record Recorded(byte[] alaw) implements Heard {}

    /**
     * @param said sounds as in {@link CallScript}, in order; may be empty
     * @param then what follows; a key cuts short what is said when keys are expected
     */
    record Turn(List<Path> said, Then then) {
        public Turn {
            said = List.copyOf(said);
            Objects.requireNonNull(then, "then");
        }
    }

    /** What follows what is said. */
    sealed interface Then permits AskKeys, GoOn, AskRecording, Connect, HangUp {}

    /**
     * Keys that came before it, since the last turn that asked for any, are taken as its first. A {@code #} after as many keys as
     * ended a turn at once belongs to that turn, not to the next one.
     *
     * @param most how many keys end it at once; fewer are ended by {@code #} or by {@code patience} without one
     * @param patience how long a key is waited for, from the end of what is said or from the key before
     */
    record AskKeys(int most, Duration patience) implements Then {}

    /**
     * Nothing is asked: the next turn comes as soon as this is said, with {@link Nothing}. A key cuts short what is said, and is kept for
     * the turn that asks.
     */
    record GoOn() implements Then {}

    /** A tone, then the caller speaks until {@code #}, four seconds of silence, or the longest. */
    record AskRecording(Duration longest) implements Then {}

    /**
     * The caller is connected with a number; the dialogue is over when they are done.
     *
     * @param number E.164
     */
    record Connect(String number) implements Then {
        /** Without the number. */
        @Override
        public String toString() {
            return "Connect";
        }
    }

    record HangUp() implements Then {}
}
