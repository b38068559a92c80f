package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.sms.internal.SmsText.Encoding;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsTextTest {

    @ParameterizedTest
    @CsvSource({
        "a, 1, GSM7, 1",
        "a, 160, GSM7, 1",
        "a, 161, GSM7, 2",
        "a, 306, GSM7, 2",
        "a, 307, GSM7, 3",
        "é, 160, GSM7, 1",
        "Ç, 160, GSM7, 1",
        "€, 80, GSM7, 1",
        "€, 81, GSM7, 2",
        "€, 153, GSM7, 3",
        "ç, 70, UCS2, 1",
        "ç, 71, UCS2, 2",
        "ê, 134, UCS2, 2",
        "œ, 135, UCS2, 3",
        "🔥, 35, UCS2, 1",
        "🔥, 36, UCS2, 2",
        "🔥, 67, UCS2, 3"
    })
    void countsSegments(String unit, int times, Encoding encoding, int segments) {
        SmsText text = SmsText.of(unit.repeat(times), Encoding.GSM7);
        assertThat(text.encoding()).isEqualTo(encoding);
        assertThat(text.segmentCount()).isEqualTo(segments);
        assertThat(text.segments(7)).hasSize(segments).allMatch(octets -> octets.length <= 160);
    }

    @Test
    void segmentsAreNumberedAndCutNeitherEscapeNorPair() {
        SmsText euros = SmsText.of("a" + "€".repeat(100), Encoding.GSM7);
        assertThat(euros.segments(0x1ff)).hasSize(2).allSatisfy(octets -> {
            assertThat(octets).startsWith(5, 0, 3, 0xff, 2);
            assertThat(octets[octets.length - 1]).isNotEqualTo(Gsm7.ESCAPE);
        });
        assertThat(euros.segments(1).get(1)[5]).isEqualTo((byte) 2);
        byte[] second =
                SmsText.of("ê" + "🔥".repeat(40), Encoding.GSM7).segments(1).get(1);
        assertThat(new String(second, 6, second.length - 6, StandardCharsets.UTF_16BE))
                .startsWith("🔥");
    }

    @Test
    void theAlphabetGoesThereAndBack() {
        String all = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€";
        assertThat(Gsm7.decode(Gsm7.encode(all))).isEqualTo(all);
        assertThat(Gsm7.encode("@é€")).containsExactly(0x00, 0x05, 0x1b, 0x65);
    }

    @Test
    void latin1KeepsToWhatBothAlphabetsHold() {
        assertThat(SmsText.of("Évacuez à pied", Encoding.LATIN1).encoding()).isEqualTo(Encoding.LATIN1);
        assertThat(SmsText.of("forêt", Encoding.LATIN1).encoding()).isEqualTo(Encoding.UCS2);
        assertThat(SmsText.of("10 €", Encoding.LATIN1).encoding()).isEqualTo(Encoding.UCS2);
        assertThat(SmsText.of("é", Encoding.LATIN1).segments(1).get(0)).containsExactly(0xe9);
        assertThat(SmsText.of("abc", Encoding.UCS2).encoding()).isEqualTo(Encoding.UCS2);
    }

    @Test
    void gsmSafeVariantKeepsWhatItCan() {
        assertThat(SmsText.gsmSafe("Forêt fermée : œuvrez « ici », garçon… 🔥 à 10 €"))
                .isEqualTo("Foret fermée : oeuvrez \" ici \", garcon... ? à 10 €");
        assertThat(SmsText.of(SmsText.gsmSafe("ŵœ’–\u00a0ﬁ½Ž"), Encoding.GSM7).encoding())
                .isEqualTo(Encoding.GSM7);
    }
}
