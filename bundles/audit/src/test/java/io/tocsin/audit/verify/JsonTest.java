package io.tocsin.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void writesOneFormOnly() {
        assertThat(Json.canonical(Map.of("b", List.of(1, 2.50, 1e3, true), "a", "é\u0001\n\"\\")))
                .isEqualTo("{\"a\":\"é\\u0001\\n\\\"\\\\\",\"b\":[1,2.5,1000,true]}");
        assertThat(Json.canonical(Json.read(" { \"b\" : [ 1.0 , -0 ] , \"a\" : null } ")))
                .isEqualTo("{\"a\":null,\"b\":[1,0]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,\"a\":2}",
                "01",
                "1 2",
                "\"\\x\"",
                "\"\\u12\"",
                "nul",
                "{a:1}",
                "\"a\nb\"",
                "[1}"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToNestWithoutEnd() {
        assertThatThrownBy(() -> Json.read("[".repeat(100_000))).hasMessageContaining("nested deeper");
    }
}
