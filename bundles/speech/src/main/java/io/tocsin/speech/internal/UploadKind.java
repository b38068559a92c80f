package io.tocsin.speech.internal;

import java.nio.charset.StandardCharsets;

/** What a file is, by its first bytes: names lie, and so do browsers. */
enum UploadKind {
    WAV("WAV"),
    MP3("MP3"),
    LARGE_WAV("a WAV for more than 4 GiB"),
    MPEG_4("MPEG-4 audio (m4a), as many telephones record"),
    AAC("AAC"),
    AMR("AMR"),
    OGG("Ogg"),
    FLAC("FLAC"),
    AIFF("AIFF"),
    AU("AU"),
    WMA("Windows Media"),
    MATROSKA("WebM or Matroska"),
    EMPTY("empty"),
    UNKNOWN("no sound file that is known here");

    static final int ENOUGH = 12;

    private final String words;

    UploadKind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    static UploadKind of(byte[] first) {
        String start = new String(first, StandardCharsets.ISO_8859_1);
        if (start.isEmpty()) {
            return EMPTY;
        }
        if (start.startsWith("RIFF")) {
            return start.startsWith("WAVE", 8) ? WAV : UNKNOWN;
        }
        if (start.startsWith("RF64") || start.startsWith("RIFX") || start.startsWith("BW64")) {
            return LARGE_WAV;
        }
        if (start.startsWith("ftyp", 4)) {
            return MPEG_4;
        }
        if (start.startsWith("#!AMR")) {
            return AMR;
        }
        if (start.startsWith("OggS")) {
            return OGG;
        }
        if (start.startsWith("fLaC")) {
            return FLAC;
        }
        if (start.startsWith("FORM")) {
            return AIFF;
        }
        if (start.startsWith(".snd")) {
            return AU;
        }
        if (start.startsWith("0&²u")) {
            return WMA;
        }
        if (start.startsWith("\u001AEß£")) {
            return MATROSKA;
        }
        return start.startsWith("ID3") ? MP3 : mpeg(first);
    }

    /** A frame begins with eleven ones; layer 0 is ADTS, which is AAC. */
    private static UploadKind mpeg(byte[] first) {
        if (first.length < 4 || (first[0] & 0xFF) != 0xFF || (first[1] & 0xE0) != 0xE0) {
            return UNKNOWN;
        }
        int layer = first[1] >> 1 & 3;
        return layer == 0 ? AAC : layer == 1 ? MP3 : UNKNOWN;
    }
}
