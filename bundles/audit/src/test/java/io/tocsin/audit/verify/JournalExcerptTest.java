package io.tocsin.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal's part of a package in hands that may have written anything into it. */
class JournalExcerptTest {

    @Test
    void aWholeEntryIsWholeAndAnAlteredOneIsNamed() {
        String whole = entry("launch");
        assertThat(JournalExcerpt.firstBad("[" + whole + "," + whole + "]")).isEqualTo(-1);
        assertThat(JournalExcerpt.firstBad("[" + whole + "," + whole.replace("launch", "cancel") + "]"))
                .isEqualTo(2);
        assertThat(JournalExcerpt.firstBad("[]")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "3", "null", "[", "[{\"hash\":}]"})
    void whatIsNoListIsUnreadable(String json) {
        assertThat(JournalExcerpt.firstBad(json)).isZero();
        assertThat(JournalExcerpt.sealedAudience(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[null]",
                "[3]",
                "[[]]",
                "[{}]",
                "[{\"hash\":3,\"previous\":\"00\"}]",
                "[{\"hash\":\"zz\",\"previous\":\"00\"}]",
                "[{\"hash\":\"000\",\"previous\":\"00\"}]",
                "[{\"hash\":\"00\",\"previous\":null}]"
            })
    void anEntryThatIsNoneIsNamed(String json) {
        assertThat(JournalExcerpt.firstBad(json)).isEqualTo(1);
        assertThat(JournalExcerpt.sealedAudience(json)).isEmpty();
    }

    @Test
    void theLastSealCounts() {
        assertThat(JournalExcerpt.sealedAudience(
                        "[{\"details\":{\"audience\":\"a1\"}},{\"details\":3},{\"details\":{\"audience\":\"b2\"}}]"))
                .contains("b2");
    }

    private static String entry(String action) {
        Map<String, Object> entry = new TreeMap<>(Map.of("action", action, "seq", 1));
        byte[] hash = EntryHash.of(EntryHash.genesis(), entry);
        entry.put("previous", HexFormat.of().formatHex(EntryHash.genesis()));
        entry.put("hash", HexFormat.of().formatHex(hash));
        return Json.canonical(entry);
    }
}
