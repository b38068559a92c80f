package io.tocsin.channel.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is said and asked in a telephone call. All sound is there before the call begins: files of headerless A-law, 8 kHz, mono
 * (ITU-T G.711), named {@code *.alaw}, readable by this process for as long as the call lasts. Immutable.
 *
 * <p>A call: it rings; who picks up keys the {@link #pin}, if there is one; hears the {@link #message} as many {@link #times} as it
 * says, which a key of the question cuts short; then the {@link #question}. Only a key is an answer: a machine presses none.
 *
 * @param message sounds in order; at least one
 * @param times how often the message is said, 1 to 3
 * @param question empty: nothing is asked, and who heard the message to its end was reached
 * @param pin empty: whoever picks up may hear the message
 * @param machine what is done when a machine seems to have picked up
 * @param ringing how long it rings at most; 5 s to 2 min
 * @param again how long to wait before another try, by outcome code ({@code busy}, {@code no-answer}, …); one not named: as the
 *     channel thinks best
 * @since 1.4
 */
public record CallScript(
        List<Path> message,
        int times,
        Optional<Question> question,
        Optional<Pin> pin,
        AnsweringMachine machine,
        Duration ringing,
        Map<String, Duration> again) {

    /**
     * @param asked what the keys mean; may be empty if the message says so
     * @param keys each key that is an answer ({@code 0} to {@code 9}) and what is said when it is pressed; never empty
     * @param transfers each key that connects with somebody, and the number (E.164)
     * @param repeat says message and question again
     * @param unclear said when another key is pressed, or none in time
     * @param patience how long a key is waited for
     * @param times how often it is asked before the call is given up; 1 to 5
     */
    public record Question(
            List<Path> asked,
            Map<String, List<Path>> keys,
            Map<String, String> transfers,
            Optional<String> repeat,
            List<Path> unclear,
            Duration patience,
            int times) {
        public Question {
            asked = List.copyOf(asked);
            keys = Map.copyOf(keys);
            transfers = Map.copyOf(transfers);
            unclear = List.copyOf(unclear);
            Objects.requireNonNull(repeat, "repeat");
            Objects.requireNonNull(patience, "patience");
        }
    }

    /**
     * @param digits what must be keyed before anything is said of the message; 3 to 10 digits
     * @param asked what is said to whoever picks up
     * @param wrong said before it is asked again; three times in all
     */
    public record Pin(String digits, List<Path> asked, List<Path> wrong) {
        public Pin {
            Objects.requireNonNull(digits, "digits");
            asked = List.copyOf(asked);
            wrong = List.copyOf(wrong);
        }

        /** Without the digits. */
        @Override
        public String toString() {
            return "Pin";
        }
    }

    /** What is done when a machine seems to have picked up; it never counts as an answer. */
    public enum AnsweringMachine {
        HANG_UP,
        /** The message, once, after the beep; never behind a PIN. */
        LEAVE_MESSAGE,
        /** Nothing is told apart: whoever picks up hears the message at once. */
        IGNORE
    }

    public CallScript {
        message = List.copyOf(message);
        again = Map.copyOf(again);
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(pin, "pin");
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(ringing, "ringing");
        if (message.isEmpty()) {
            throw new IllegalArgumentException("a call has something to say");
        }
    }
}
