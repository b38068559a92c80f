package io.tocsin.channel.publish.internal;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An alert as it was published in one place.
 *
 * @param id made of what tells it from others, fit for addresses and feeds; tells nothing else
 * @param title what it is called; may be empty
 * @param category {@code life-safety}, {@code operational} or {@code information}
 * @param published when it was first published
 * @param corrected when it was last published with other words than before
 * @param said when it was last published, changed or not
 * @param remoteId its id on the server it was posted to
 */
record Entry(
        String id,
        String title,
        String text,
        String language,
        String category,
        boolean drill,
        Instant published,
        Optional<Instant> corrected,
        Instant said,
        Optional<String> remoteId) {

    Entry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(language, "language");
        Objects.requireNonNull(category, "category");
    }

    /** When its words were last changed. */
    Instant updated() {
        return corrected.orElse(published);
    }

    /** This one after another of the same id was there before. */
    Entry after(Entry before) {
        return new Entry(
                id,
                title,
                text,
                language,
                category,
                drill,
                before.published,
                saysTheSameAs(before) ? before.corrected : Optional.of(said),
                said,
                remoteId.or(() -> before.remoteId));
    }

    boolean saysTheSameAs(Entry other) {
        return title.equals(other.title)
                && text.equals(other.text)
                && language.equals(other.language)
                && category.equals(other.category)
                && drill == other.drill;
    }

    Entry postedAs(String remote) {
        return new Entry(id, title, text, language, category, drill, published, corrected, said, Optional.of(remote));
    }

    /** Without its words. */
    @Override
    public String toString() {
        return "Entry[" + id + "]";
    }
}
