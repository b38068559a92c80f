package io.tocsin.routing.internal.calls;

/** A stretch of what is said: one file. */
sealed interface Piece {

    /** @param variable whose value of a person's own it is; empty: the same for everybody */
    record Said(String text, String language, String variable) implements Piece {}

    /** @param sha256 of the recording's A-law, hexadecimal */
    record Recorded(String slug, String sha256) implements Piece {}
}
