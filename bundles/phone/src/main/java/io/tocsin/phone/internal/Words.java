package io.tocsin.phone.internal;

import java.nio.file.Path;
import java.util.List;

/** Something to be said, before it is sound. */
sealed interface Words {

    /** @param language one of {@link Phrase#LANGUAGES} */
    record Fixed(Phrase phrase, String language) implements Words {}

    /**
     * @param tenantId whose text it is, and whose way of saying words
     * @param language BCP 47 tag
     */
    record Text(int tenantId, String text, String language) implements Words {
        /** Without the text: it may name somebody. */
        @Override
        public String toString() {
            return "Text[" + tenantId + ", " + language + "]";
        }
    }

    /** Sound that is there already. */
    record Sounds(List<Path> files) implements Words {
        public Sounds {
            files = List.copyOf(files);
        }
    }
}
