package io.tocsin.routing.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRefTest {

    @Test
    void aReferenceReadsBack() {
        TargetRef ref = new TargetRef(1234, 99_887_766L, 3, 399_999);
        assertThat(ref.reference()).hasSizeLessThanOrEqualTo(64).matches("[A-Za-z0-9._-]+");
        assertThat(TargetRef.parse(ref.reference())).contains(ref);
        assertThat(TargetRef.parse(ref.reference().toUpperCase())).contains(ref);
        TargetRef largest = new TargetRef(Integer.MAX_VALUE, 1L << 60, Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(TargetRef.parse(largest.reference())).contains(largest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1.2.3", "1.2.3.4.5", "-1.2.3.4", "1.2.3.é", "zzzzzz.1.1.1", "1.2.3.4; drop table", "1..2.3"
            })
    void whatAStrangerMakesUpIsNot(String made) {
        assertThat(TargetRef.parse(made)).isEmpty();
    }
}
