package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.tenants.internal.files.TenantSpec.NamedFile;
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

/** Reads {@code lexicon.yaml}, {@code recordings/} and {@code documents/}. What is in a sound or a document shows when it is taken in. */
final class StockReader {
    private static final String SLUG = "([a-z0-9][a-z0-9-]{0,51})";

    /** A folder of files that are named by what they are called. */
    private record Kind(String folder, Pattern name, String misnamed, int most, long mostBytes, String tooLarge) {}

    private static final Kind RECORDINGS = new Kind(
            "recordings",
            Pattern.compile(SLUG + "\\.(?:wav|mp3)"),
            "is no recording; name it NAME.wav or NAME.mp3, NAME of a-z, 0-9 and inner dashes",
            Recordings.MOST,
            40_000_000,
            "has more than 40 MB; record it shorter, or save it as MP3");
    private static final Kind DOCUMENTS = new Kind(
            "documents",
            Pattern.compile(SLUG + "\\.pdf"),
            "is no document; name it NAME.pdf, NAME of a-z, 0-9 and inner dashes",
            Documents.MOST,
            Documents.LARGEST,
            "has more than " + (Documents.LARGEST >> 20) + " MiB; save it with smaller images, or fewer pages");

    private StockReader() {}

    static Lexicon lexicon(YamlFile file, Problems problems) {
        List<Lexicon.Entry> entries = new ArrayList<>();
        for (YamlMap map : file.maps()) {
            String word = map.required("word", value -> Optional.empty());
            String spoken = map.required("spoken", value -> Optional.empty());
            String language = map.optional("language", StockReader::language).orElse("");
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

    static List<NamedFile> recordings(List<Path> files, Problems problems) {
        return read(RECORDINGS, files, problems);
    }

    static List<NamedFile> documents(List<Path> files, Problems problems) {
        return read(DOCUMENTS, files, problems);
    }

    private static List<NamedFile> read(Kind kind, List<Path> files, Problems problems) {
        if (files.size() > kind.most) {
            problems.add(kind.folder, "holds " + files.size() + " files; " + kind.most + " at most");
            return List.of();
        }
        List<NamedFile> read = new ArrayList<>();
        Set<String> slugs = new HashSet<>();
        for (Path file : files) {
            String name = kind.folder + "/" + file.getFileName();
            Matcher named = kind.name.matcher(file.getFileName().toString());
            if (!named.matches()) {
                problems.add(name, kind.misnamed);
            } else if (!slugs.add(named.group(1))) {
                problems.add(name, "is there as WAV and as MP3; keep one");
            } else if (size(file) > kind.mostBytes) {
                problems.add(name, kind.tooLarge);
            } else {
                read.add(new NamedFile(named.group(1), name, file));
            }
        }
        return List.copyOf(read);
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
