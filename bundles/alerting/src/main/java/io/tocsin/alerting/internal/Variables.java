package io.tocsin.alerting.internal;

import java.util.Set;

/** The variables that the platform fills in itself. */
final class Variables {
    static final String NAME = "name";
    static final String FIRST_NAME = "first_name";
    static final String LAST_NAME = "last_name";
    static final String TITLE = "title";
    static final String ANSWER_URL = "answer_url";

    /** Names that neither a scenario nor a launch may give a value to. */
    static final Set<String> RESERVED = Set.of(NAME, FIRST_NAME, LAST_NAME, TITLE, ANSWER_URL);

    /** What the token of an answer link takes in a text, roughly. */
    static final String TYPICAL_TOKEN = "x".repeat(32);

    /** What a place begins with that a recording is heard at: {@code {{recording.maire}}}. */
    private static final String RECORDING = "recording.";

    /** The same of a document that is printed. */
    private static final String DOCUMENT = "document.";

    private Variables() {}

    static boolean isRecording(String place) {
        return place.startsWith(RECORDING);
    }

    static boolean isDocument(String place) {
        return place.startsWith(DOCUMENT);
    }

    /** Whether a place is for something that is kept under a name, and not for a value. */
    static boolean isKept(String place) {
        return isRecording(place) || isDocument(place);
    }

    /** The slug of what is kept that a place names; frozen, with what it is. */
    static String kept(String place) {
        return place.substring(place.indexOf('.') + 1);
    }

    /** The slug alone of a place that may be frozen. */
    static String keptName(String place) {
        return kept(place).split("\\.", 2)[0];
    }
}
