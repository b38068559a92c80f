package io.tocsin.routing.internal.calls;

import io.tocsin.routing.api.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into the stretches it is spoken in. */
final class Pieces {

    /** What is done at a place that nobody has a value for. */
    enum Missing {
        REFUSED,
        LEFT_OUT
    }

    private static final Pattern RECORDING = Pattern.compile("recording\\.([a-z0-9-]+)\\.([0-9a-f]{64})");
    private static final Pattern CODE = Pattern.compile("0\\d+|\\d{5,}");
    private static final Pattern TELEPHONE = Pattern.compile("0[1-9]\\d{8}");
    private static final Pattern MOMENT = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d)(?::\\d\\d)?");
    private static final Pattern LEADING = Pattern.compile("^[\\s\\p{Punct}«»“”’…–—]+");

    private Pieces() {}

    /**
     * Cuts a text at the places where a person's own value or a recording stands.
     *
     * @throws IllegalArgumentException naming a variable that is missing
     */
    static List<Piece> of(
            Template text, String language, Map<String, String> shared, Map<String, String> own, Missing missing) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder stretch = new StringBuilder();
        for (Template.Part part : text.parts()) {
            String value = part.place() ? value(part.text(), shared, own) : part.text();
            Matcher recording = RECORDING.matcher(part.text());
            if (part.place() && recording.matches()) {
                flush(stretch, language, pieces);
                pieces.add(new Piece.Recorded(recording.group(1), recording.group(2)));
            } else if (value.isBlank() && part.place()) {
                if (missing == Missing.REFUSED) {
                    throw new IllegalArgumentException("variable " + part.text() + " is missing");
                }
                flush(stretch, language, pieces);
            } else if (part.place() && own.containsKey(part.text())) {
                flush(stretch, language, pieces);
                add(spelled(value), language, part.text(), pieces);
            } else {
                stretch.append(part.place() ? spelled(value) : value);
            }
        }
        flush(stretch, language, pieces);
        return pieces;
    }

    private static String value(String variable, Map<String, String> shared, Map<String, String> own) {
        String value = own.getOrDefault(variable, shared.get(variable));
        return value == null ? "" : value;
    }

    /** A code is no quantity: “25012” is said digit by digit; a telephone number and a date are worded by the engine's side. */
    private static String spelled(String value) {
        String written = value.strip();
        if (CODE.matcher(written).matches() && !TELEPHONE.matcher(written).matches()) {
            return String.join(" ", written.split(""));
        }
        return MOMENT.matcher(value).replaceAll("$1, $2");
    }

    private static void flush(StringBuilder stretch, String language, List<Piece> pieces) {
        add(stretch.toString(), language, "", pieces);
        stretch.setLength(0);
    }

    /** What holds no word is not said: the comma after a name. */
    private static void add(String text, String language, String variable, List<Piece> pieces) {
        String said = LEADING.matcher(text).replaceFirst("").strip();
        if (said.codePoints().anyMatch(Character::isLetterOrDigit)) {
            pieces.add(new Piece.Said(said, language, variable));
        }
    }
}
