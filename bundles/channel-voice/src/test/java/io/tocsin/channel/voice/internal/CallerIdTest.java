package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+33162000000",
                "+33163999999",
                "+33270000000",
                "+33271000000",
                "+33377000000",
                "+33378000000",
                "+33424000000",
                "+33425000000",
                "+33568000000",
                "+33569000000",
                "+33948000000",
                "+33949000000",
                "+33947500000",
                "+33947999999",
                "+33800000000",
                "+33825000000",
                "3012",
                "3199",
                "+33199000001",
                "+33639980001",
                "+3227001234",
                "+441632960000"
            })
    void mayBeShown(String number) {
        assertThat(CallerId.problem(number)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+33612345678",
                "+33700000000",
                "+33161000000",
                "+33164000000",
                "+33272000000",
                "+33947400000",
                "+33890000000",
                "+33899000000",
                "+33139000000",
                "+33500000000",
                "+331620000",
                "+331620000000",
                "0162000000",
                "3212",
                "36500",
                "112",
                "anonymous",
                "",
                "+33162000000>;x=\r\n"
            })
    void mayNot(String number) {
        assertThat(CallerId.problem(number))
                .hasValueSatisfying(why -> assertThat(why.length()).isGreaterThan(20));
    }

    @Test
    void whoIsNearSeesANearNumber() {
        List<CallerId> ours = List.of(new CallerId("+33162000001"), new CallerId("+33378000002"));
        assertThat(CallerId.of(ours, "+33353010001").number()).isEqualTo("+33378000002");
        assertThat(CallerId.of(ours, "+33199000001").number()).isEqualTo("+33162000001");
        assertThat(CallerId.of(ours, "+33465710001").number())
                .as("no number of that zone")
                .isEqualTo("+33162000001");
        assertThat(CallerId.of(ours, "+33639980001").number()).as("a mobile").isEqualTo("+33162000001");
    }
}
