package io.tocsin.tenants.internal.files;

import io.tocsin.speech.api.Lexicon;
import io.tocsin.tenants.internal.files.TenantSpec.RecordingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code lexicon.yaml} and {@code recordings/}. What is in a sound file shows when it is taken in. */
final class SoundsReader {
    private static final Pattern RECORDING = Pattern.compile("([a-z0-9][a-z0-9-]{0,51})\\.(?:wav|mp3)");
    private static final int MOST_RECORDINGS = 200;
    private static final long MOST_BYTES = 40_000_000;

    private SoundsReader() {}

    static Lexicon lexicon(YamlFile file, Problems problems) {
        List<Lexicon.Entry> entries = new ArrayList<>();
        for (YamlMap map : file.maps()) {
            String word = map.required("word", value -> Optional.empty());
            String spoken = map.required("spoken", value -> Optional.empty());
            String language = map.optional("language", SoundsReader::language).orElse("");
            map.refuseUnknown();
            try {
                entries.add(new Lexicon.Entry(word, spoken, language));
            } catch (IllegalArgumentException e) {
                map.problem("word", e.getMessage());
            }
        }
        try {
            return new Lexicon(entries);
        } catch (IllegalArgumentException e) {
            problems.add("lexicon.yaml", e.getMessage());
            return Lexicon.none();
        }
    }

    private static Optional<String> language(String value) {
        return value.matches("[a-z]{2,3}")
                ? Optional.empty()
                : Optional.of("is no language; write fr, en, …, or leave it out for every language");
    }

    static List<RecordingFile> recordings(List<Path> files, Problems problems) {
        if (files.size() > MOST_RECORDINGS) {
            problems.add("recordings", "holds " + files.size() + " files; " + MOST_RECORDINGS + " at most");
            return List.of();
        }
        List<RecordingFile> recordings = new ArrayList<>();
        Set<String> slugs = new HashSet<>();
        for (Path file : files) {
            String name = "recordings/" + file.getFileName();
            Matcher named = RECORDING.matcher(file.getFileName().toString());
            if (!named.matches()) {
                problems.add(name, "is no recording; name it NAME.wav or NAME.mp3, NAME of a-z, 0-9 and inner dashes");
            } else if (!slugs.add(named.group(1))) {
                problems.add(name, "is there as WAV and as MP3; keep one");
            } else if (size(file) > MOST_BYTES) {
                problems.add(name, "has more than 40 MB; record it shorter, or save it as MP3");
            } else {
                recordings.add(new RecordingFile(named.group(1), name, file));
            }
        }
        return List.copyOf(recordings);
    }

    /** One that went away meanwhile is missed when it is taken in. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
