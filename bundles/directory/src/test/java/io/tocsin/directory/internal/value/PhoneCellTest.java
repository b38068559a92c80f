package io.tocsin.directory.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneCellTest {
    private final PhoneCell cell = new PhoneCell("FR");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "06 39 98 12 34",
                "06.39.98.12.34",
                "06-39-98-12-34",
                "06/39/98/12/34",
                "0639981234",
                "639981234",
                "33639981234",
                "+33 (0)6 39 98 12 34",
                "+33639981234",
                "0033639981234",
                "00 33 6 39 98 12 34",
                "06\u00a039\u202f98 12 34",
                " 06 39 98 12 34 ",
                "\u200e06 39 98 12 34\u202c",
                "Tél : 06 39 98 12 34",
                "Port. 06 39 98 12 34",
                "06 39 98 12 34 (bureau)",
                "mobile: 06.39.98.12.34"
            })
    void aMobileHoweverItIsWritten(String written) {
        AddressCell read = cell.read(written, true);
        assertThat(read.problems()).isEmpty();
        assertThat(read.addresses())
                .extracting(Address::kind, Address::address)
                .containsExactly(tuple("mobile", "+33639981234"));
    }

    @ParameterizedTest
    @CsvSource({
        "01 99 00 12 34, landline", "02 61 91 12 34, landline", "03 53 01 12 34, landline",
        "04 65 71 12 34, landline", "05 36 49 12 34, landline", "06 39 98 12 34, mobile"
    })
    void everyRangeOfFictionPasses(String written, String kind) {
        assertThat(cell.read(written, false).addresses())
                .extracting(Address::kind)
                .containsExactly(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "06 39 98 00 01 / 04 65 71 00 02",
                "0639980001/0465710002",
                "06.39.98.00.01;04.65.71.00.02",
                "06 39 98 00 01, 04 65 71 00 02",
                "06 39 98 00 01 ou 04 65 71 00 02",
                "06 39 98 00 01 et 04 65 71 00 02",
                "06-39-98-00-01 - 04-65-71-00-02",
                "06 39 98 00 01\n04 65 71 00 02",
                "06 39 98 00 01 04 65 71 00 02",
                "06/39/98/00/01 - 04/65/71/00/02",
                "port 06 39 98 00 01 / fixe 04 65 71 00 02"
            })
    void severalNumbersInOneCell(String written) {
        AddressCell read = cell.read(written, true);
        assertThat(read.problems()).isEmpty();
        assertThat(read.addresses())
                .extracting(Address::kind, Address::address)
                .containsExactly(tuple("mobile", "+33639980001"), tuple("landline", "+33465710002"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "06 39 98 12|too short",
                "06 39 98 12 34 5|too long",
                "112|too short",
                "08 99 12 34 56|special number",
                "0800 123 456|special number",
                "néant|letters",
                "06 39 98 12 34 poste 12|letters",
                "06 3O 98 12 34|letters",
                "+999 123456|country code",
                "-|not a number",
                "00 00 00 00 00|service"
            })
    void whatIsNoNumberIsRefusedWithItsReason(String written, String reason) {
        AddressCell read = cell.read(written, true);
        assertThat(read.addresses()).isEmpty();
        assertThat(read.problems()).singleElement().asString().contains(reason);
    }

    @Test
    void theGoodNumberOfACellIsKeptAndTheBadOneTold() {
        AddressCell read = cell.read("06 39 98 00 01 / 06 12", true);
        assertThat(read.addresses()).extracting(Address::address).containsExactly("+33639980001");
        assertThat(read.problems()).singleElement().asString().contains("06 12").contains("too short");
    }

    @Test
    void overseasNumbersWrittenNationallyFindTheirCountryCode() {
        // the regulator reserves no fiction overseas: these are only parsed here, never called
        assertThat(cell.read("0692 00 00 00", true).addresses())
                .extracting(Address::address)
                .containsExactly("+262692000000");
        assertThat(cell.read("0690 00 00 00", true).addresses())
                .extracting(Address::address)
                .containsExactly("+590690000000");
    }

    @Test
    void blankIsNothing() {
        assertThat(cell.read("  ", true)).isEqualTo(AddressCell.EMPTY);
        assertThat(cell.read(null, true)).isEqualTo(AddressCell.EMPTY);
    }

    @Test
    void anUnknownRegionIsRefused() {
        assertThatThrownBy(() -> new PhoneCell("XX")).hasMessageContaining("XX").hasMessageContaining("ISO 3166");
    }

    @Test
    void anyWayOfGroupingAnyFictionNumberReadsTheSame() {
        Random random = new Random(20180881);
        List<String> prefixes = List.of("019900", "026191", "035301", "046571", "053649", "063998");
        List<String> gaps = List.of("", " ", ".", "-", "\u00a0", " . ", "  ");
        for (int i = 0; i < 2_000; i++) {
            String national =
                    prefixes.get(random.nextInt(prefixes.size())) + String.format("%04d", random.nextInt(10_000));
            String gap = gaps.get(random.nextInt(gaps.size()));
            StringBuilder written = new StringBuilder();
            for (int d = 0; d < 10; d += 2) {
                written.append(d == 0 ? "" : gap).append(national, d, d + 2);
            }
            String shown =
                    switch (random.nextInt(4)) {
                        case 0 -> "+33" + gap + written.substring(1);
                        case 1 -> "0033" + gap + written.substring(1);
                        case 2 -> "+33 (0)" + written.substring(1);
                        default -> written.toString();
                    };
            assertThat(cell.read(shown, random.nextBoolean()).addresses())
                    .as(shown)
                    .extracting(Address::address)
                    .containsExactly("+33" + national.substring(1));
        }
    }

    @Test
    void noRubbishBreaksIt() {
        Random random = new Random(7);
        String alphabet = "0123456789 +-./;,()abéxt\u202e\u0000\n\t#*'\"=@€😀";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder rubbish = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                rubbish.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            AddressCell read = cell.read(rubbish.toString(), true);
            assertThat(read.addresses()).allSatisfy(a -> assertThat(a.address()).matches("\\+[1-9]\\d{5,14}"));
        }
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }
}
