package io.tocsin.platform.asterisk.trunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.platform.asterisk.trunk.TrunkNumbers.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrunkNumbersTest {
    private static final String OURS = "+33199001234";

    private static TrunkNumbers numbers(String form) {
        return new TrunkNumbers("PJSIP/{number}@trunk", Form.of(form), OURS);
    }

    @ParameterizedTest
    @CsvSource({
        "plus, +33639981234, PJSIP/+33639981234@trunk",
        "digits, +33639981234, PJSIP/33639981234@trunk",
        "00, +33639981234, PJSIP/0033639981234@trunk",
        "national, +33639981234, PJSIP/0639981234@trunk",
        "national, +3227001234, PJSIP/003227001234@trunk"
    })
    void aNumberIsDialledAsTheTrunkWantsIt(String form, String number, String endpoint) {
        assertThat(numbers(form).endpoint(number)).isEqualTo(endpoint);
    }

    /** Of each country as its people write it; the same everywhere from abroad. */
    @ParameterizedTest
    @CsvSource({
        // France
        "+33199001234, +33639981234, 0639981234",
        "+33199001234, +33536491234, 0536491234",
        // Réunion, Guadeloupe: a country code of their own, and the same zero
        "+262262001234, +262692001234, 0692001234",
        "+262262001234, +33639981234, 0033639981234",
        "+33199001234, +262262001234, 00262262001234",
        "+590590001234, +590690001234, 0690001234",
        // Spain and Monaco have no prefix
        "+34911234567, +34912345678, 912345678",
        "+34911234567, +33639981234, 0033639981234",
        "+37798001234, +37793123456, 93123456",
        "+37798001234, +33199001234, 0033199001234",
        // Italy's zero is the number's, and its mobiles have none
        "+390669821234, +390236618300, 0236618300",
        "+390669821234, +393123456789, 3123456789",
        "+33199001234, +390236618300, 00390236618300",
        // Ireland
        "+35316001234, +35312345678, 012345678",
        "+35316001234, +353850123456, 0850123456",
        // Luxembourg
        "+352270012, +35227123456, 27123456",
        // North America: ten digits, whoever of its countries it is
        "+12025550123, +12025550199, 2025550199",
        "+12025550123, +14165550123, 4165550123",
        "+12025550123, +33199001234, 0033199001234",
        // What no number of the country can be is left to the carrier
        "+33199001234, +33199001234567, 0033199001234567",
        "+33199001234, +999123456, 00999123456"
    })
    void aNationalNumberIsWrittenAsInItsCountry(String own, String number, String dialled) {
        assertThat(new TrunkNumbers("PJSIP/{number}@trunk", Form.NATIONAL, own).written(number))
                .isEqualTo(dialled);
    }

    @ParameterizedTest
    @CsvSource({
        "+262262001234, 0692001234, +262692001234",
        "+590590001234, 0690001234, +590690001234",
        "+34911234567, 912345678, +34912345678",
        "+34911234567, 34912345678, +34912345678",
        "+37798001234, 93123456, +37793123456",
        "+390669821234, 0236618300, +390236618300",
        "+390669821234, 3123456789, +393123456789",
        "+35316001234, 012345678, +35312345678",
        "+12025550123, 2025550199, +12025550199",
        "+12025550123, 12025550199, +12025550199",
        "+12025550123, 33639981234, +33639981234",
        "+33199001234, 199001234, +33199001234",
        "+33199001234, 3227001234, +3227001234",
        // short ones and what is none stay as they are
        "+33199001234, 112, 112",
        "+33199001234, 3949, 3949",
        "+33199001234, 118218, 118218",
        "+34911234567, 0034912345678, +34912345678",
        "+33199001234, 00000000, 00000000",
        "+33199001234, 0639 98 12 34, 0639 98 12 34",
        "+33199001234, 012345678901234567, 012345678901234567",
        "3012, 912345678, 912345678"
    })
    void aNationalNumberThatComesInIsReadAsInItsCountry(String own, String written, String number) {
        TrunkNumbers.Form form = own.startsWith("+") ? Form.NATIONAL : Form.PLUS;
        assertThat(new TrunkNumbers("PJSIP/{number}@trunk", form, own).e164(written))
                .isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"digits, 43123456, +43123456", "national, 43123456, +35243123456"})
    void whatCanBeReadInTwoWaysIsReadAsTheTrunkWrites(String form, String written, String number) {
        TrunkNumbers luxembourg = new TrunkNumbers("PJSIP/{number}@trunk", Form.of(form), "+352270012");
        assertThat(luxembourg.e164(written)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({
        "0639981234, +33639981234",
        "0033639981234, +33639981234",
        "33639981234, +33639981234",
        "+33639981234, +33639981234",
        "3012, 3012",
        "anonymous, anonymous"
    })
    void aNumberThatComesInIsReadAsItCanBe(String written, String number) {
        assertThat(numbers("plus").e164(written)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({
        "+33199001234, +33",
        "+12025550123, +1",
        "+3227001234, +32",
        "+352270012, +352",
        "+35316001234, +353",
        "+37798001234, +377",
        "+420224001234, +420",
        "+41227001234, +41",
        "+262262001234, +262",
        "+590590001234, +590"
    })
    void aCountryIsToldByItsCode(String number, String country) {
        assertThat(TrunkNumbers.country(number)).hasValue(country);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3012", "0199001234", "+", "", "+999123456", "+33", "+1-800-FLOWERS", "tel:+33199001234"})
    void whatIsNotInE164HasNoCountry(String number) {
        assertThat(TrunkNumbers.country(number)).isEmpty();
        assertThat(new TrunkNumbers("PJSIP/{number}@trunk", Form.PLUS, number).e164("0639981234"))
                .isEqualTo("0639981234");
        assertThatThrownBy(() -> new TrunkNumbers("PJSIP/{number}@trunk", Form.NATIONAL, number))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PJSIP/0199000001@carrier",
                "PJSIP/{number}/{number}@carrier",
                "PJSIP/{number}&Local/x@y",
                "PJSIP/{number}@trunk{x}",
                "PJSIP/{number}@carrier,extra",
                "PJSIP/{number}${SHELL(id)}",
                "PJSIP/{number}@carrier\r\nAction: Command"
            })
    void whatWouldDialElsewhereIsRefused(String dial) {
        assertThat(TrunkNumbers.problem(dial))
                .hasValueSatisfying(why -> assertThat(why).contains("{number} once"));
        assertThatThrownBy(() -> new TrunkNumbers(dial, Form.PLUS, OURS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersStayOutOfLogs() {
        assertThat(numbers("plus").toString()).doesNotContain("99001234");
    }
}
