package io.tocsin.directory.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CleanTextTest {

    @Test
    void whatCannotBeSeenIsTakenOut() {
        assertThat(CleanText.of("\u202eDUPONT\u202c\u0000\u200b")).isEqualTo("DUPONT");
        assertThat(CleanText.of(" a\t b\r\nc\u00a0d  ")).isEqualTo("a b c d");
        assertThat(CleanText.of("e\u0301te\u0301")).isEqualTo("été");
        assertThat(CleanText.of(null)).isEmpty();
    }

    @Test
    void aFormulaStaysTheTextItIs() {
        assertThat(CleanText.of("=cmd|' /C calc'!A0")).isEqualTo("=cmd|' /C calc'!A0");
    }

    @Test
    void keysIgnoreAccentsCaseAndPunctuation() {
        assertThat(CleanText.key("  Prénom(s) ")).isEqualTo("prenom s");
        assertThat(CleanText.key("N° de foyer")).isEqualTo("n de foyer");
    }
}
