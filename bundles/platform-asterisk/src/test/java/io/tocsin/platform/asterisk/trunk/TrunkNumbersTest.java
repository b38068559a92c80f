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
    @ValueSource(strings = {"3012", "0199001234", "+", ""})
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
