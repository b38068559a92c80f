package io.tocsin.speech.internal;

import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Recording.RecordingException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** MP3 through mpg123, a process a file: a stranger's file is decoded outside the node, and by something that is kept up to date. */
final class Mp3Decoder {

    private static final Pattern DAMAGE = Pattern.compile("Illegal Audio-MPEG-Header|error:");

    private final OutsidePrograms programs;
    private final String program;
    private final Duration timeLimit;

    Mp3Decoder(OutsidePrograms programs, String program, Duration timeLimit) {
        this.programs = programs;
        this.program = program;
        this.timeLimit = timeLimit;
    }

    /** @param damaged the decoder left something out */
    record Decoded(Intake.Taken taken, boolean damaged) {}

    Decoded decode(CountedStream upload, Duration longest) throws RecordingException, IOException {
        Mp3Head head = Mp3Head.read(upload);
        Mp3Head.Noted noted = head.noted();
        if (noted.seconds().isPresent() && noted.seconds().get() > longest.toMillis() / 1e3 + 1) {
            throw new RecordingException(
                    Reason.TOO_LONG,
                    String.format(
                            Locale.ROOT,
                            "at most %d s may be played; this is %.0f s: record it shorter",
                            longest.toSeconds(),
                            noted.seconds().get()));
        }
        long before = upload.count() - head.frame().length;
        OutsidePrograms.Ended<Intake.Taken> ended = run(head, upload, longest);
        long came = upload.count() - before;
        if (noted.bytes().isPresent() && came < noted.bytes().get() * 0.99) {
            throw damaged("it is cut off: " + came + " of " + noted.bytes().get() + " bytes");
        }
        if (ended.exit() != 0) {
            throw damaged("it stops in the middle");
        }
        return new Decoded(ended.result(), DAMAGE.matcher(ended.complaint()).find());
    }

    private OutsidePrograms.Ended<Intake.Taken> run(Mp3Head head, InputStream upload, Duration longest)
            throws RecordingException, IOException {
        // Not --quiet: what it complains of is how damage is known.
        List<String> command = List.of(program, "--encoding", "s16", "--wav", "-", "-");
        InputStream in = new SequenceInputStream(new ByteArrayInputStream(head.frame()), upload);
        try {
            return programs.run(command, in, out -> taken(out, longest), timeLimit);
        } catch (ProgramException e) {
            String cure =
                    switch (e.kind()) {
                        case MISSING ->
                            ": save the recording as WAV; or install mpg123 (Debian, Ubuntu: apt-get install"
                                    + " mpg123)";
                        case HUNG -> ": upload it again, faster; or raise timeLimitSeconds of " + CheckedRecording.PID;
                        case FAILED -> ": upload it again";
                    };
            throw new RecordingException(Reason.DECODER, e.getMessage() + cure, e);
        }
    }

    private static Intake.Taken taken(InputStream out, Duration longest) throws RecordingException, IOException {
        try {
            return Intake.take(WavStream.open(out), longest);
        } catch (RecordingException e) {
            throw e.reason() == Reason.DAMAGED || e.reason() == Reason.FORMAT ? damaged("no sound was found in it") : e;
        }
    }

    private static RecordingException damaged(String how) {
        return new RecordingException(
                Reason.DAMAGED, "the MP3 file is damaged: " + how + ". Save it again, or upload it again");
    }
}
