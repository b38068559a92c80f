package io.tocsin.routing.internal.calls;

import io.tocsin.persistence.api.Database;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SoundFiles;
import io.tocsin.speech.api.Speech;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The file of each piece, remembered: an engine, a disk or the database is asked once an hour, so that files stay that are in use, and
 * whenever a file is gone.
 */
final class SpokenParts {
    private static final int KEPT = 20_000;
    private static final int LEXICONS_KEPT = 200;
    private static final Duration ASKED_AGAIN = Duration.ofHours(1);

    private record Key(int tenantId, String text, String language, int lexicon) {}

    private record Known(Path file, Instant at) {}

    private record LexiconKey(int tenantId, int version) {}

    private final Database database;
    private final Supplier<Optional<Speech>> speech;
    private final Supplier<Optional<SoundFiles>> files;
    private final Clock clock;
    private final Map<Key, Known> known = new Recent<>(KEPT);
    private final Map<LexiconKey, Lexicon> lexicons = new Recent<>(LEXICONS_KEPT);

    SpokenParts(
            Database database, Supplier<Optional<Speech>> speech, Supplier<Optional<SoundFiles>> files, Clock clock) {
        this.database = database;
        this.speech = speech;
        this.files = files;
        this.clock = clock;
    }

    Set<String> languages() {
        return speech.get().map(Speech::languages).orElse(Set.of());
    }

    /** The file, if it is known without asking anybody. */
    Optional<Path> known(int tenantId, int lexicon, Piece piece) {
        return known(key(tenantId, lexicon, piece));
    }

    /** The file of a piece; blocks where it is not known. */
    Path file(int tenantId, int lexicon, Piece piece) throws SpeechException, InterruptedException {
        Key key = key(tenantId, lexicon, piece);
        Optional<Path> already = known(key);
        if (already.isPresent()) {
            return already.get();
        }
        Path file = piece instanceof Piece.Said said
                ? spoken(tenantId, lexicon, said)
                : recorded(tenantId, (Piece.Recorded) piece);
        synchronized (known) {
            known.put(key, new Known(file.toAbsolutePath(), clock.instant()));
        }
        return file.toAbsolutePath();
    }

    private static Key key(int tenantId, int lexicon, Piece piece) {
        return piece instanceof Piece.Said said
                ? new Key(tenantId, said.text(), said.language(), lexicon)
                : new Key(tenantId, ((Piece.Recorded) piece).sha256(), "", 0);
    }

    private Optional<Path> known(Key key) {
        Known found;
        synchronized (known) {
            found = known.get(key);
        }
        return Optional.ofNullable(found)
                .filter(each -> clock.instant().isBefore(each.at().plus(ASKED_AGAIN)) && Files.exists(each.file()))
                .map(Known::file);
    }

    private Path spoken(int tenantId, int lexicon, Piece.Said said) throws SpeechException, InterruptedException {
        Speech now = speech.get()
                .orElseThrow(() -> new SpeechException(
                        Reason.ENGINE,
                        "nothing on this node can speak: start the bundle io.tocsin.speech (feature tocsin-speech)"));
        try {
            return now.render(tenantId, said.text(), said.language(), lexicon(tenantId, lexicon))
                    .file();
        } catch (SpeechException e) {
            if (e.reason() == Reason.TEXT && !said.variable().isEmpty()) {
                // its message may quote a word of a person's own
                throw new SpeechException(
                        Reason.TEXT,
                        "a person's own value of {{" + said.variable() + "}} cannot be spoken in “" + said.language()
                                + "”: write it in words of that language");
            }
            throw e;
        }
    }

    private Lexicon lexicon(int tenantId, int version) {
        if (version == 0) {
            return Lexicon.none();
        }
        LexiconKey key = new LexiconKey(tenantId, version);
        synchronized (lexicons) {
            Lexicon found = lexicons.get(key);
            if (found != null) {
                return found;
            }
        }
        Lexicon read = database.asEngine(connection -> LexiconRows.read(connection, tenantId, version));
        synchronized (lexicons) {
            lexicons.put(key, read);
        }
        return read;
    }

    private Path recorded(int tenantId, Piece.Recorded recorded) throws SpeechException {
        SoundFiles now = files.get()
                .orElseThrow(() -> new SpeechException(
                        Reason.ENGINE,
                        "nothing on this node can play recordings: start the bundle io.tocsin.speech (feature"
                                + " tocsin-speech)"));
        Optional<Path> kept = now.find(tenantId, recorded.sha256());
        if (kept.isPresent()) {
            return kept.get();
        }
        Sound sound = sound(tenantId, recorded.sha256())
                .orElseThrow(() -> new SpeechException(
                        Reason.TEXT, "the recording “" + recorded.slug() + "” is not there: record it again"));
        return now.keep(tenantId, recorded.sha256(), sound);
    }

    private Optional<Sound> sound(int tenantId, String sha256) {
        return database.asEngine(connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement("select alaw from sound where tenant_id = ? and sha256 = ?")) {
                query.setInt(1, tenantId);
                query.setBytes(2, HexFormat.of().parseHex(sha256));
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(Sound.of(row.getBytes(1))) : Optional.empty();
                }
            }
        });
    }

    /** Forgets what was not asked for longest. Guarded by itself. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        private final int most;

        Recent(int most) {
            super(256, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
