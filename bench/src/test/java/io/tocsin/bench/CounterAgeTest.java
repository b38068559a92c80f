package io.tocsin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A figure is as old as the first truth it does not contain. */
class CounterAgeTest {
    private final CounterAge age = new CounterAge();

    /** One more a tick, told at every tick from 1 to 100. */
    private void truthGrows() {
        for (int tick = 1; tick <= 100; tick++) {
            age.truth(tick, tick);
        }
    }

    @Test
    void aFigureThatIsBehindIsAsOldAsWhatItMisses() {
        truthGrows();
        assertThat(age.age(50, 50)).isZero();
        assertThat(age.age(50, 49)).as("the fiftieth came just now").isZero();
        assertThat(age.age(50, 40)).isEqualTo(9);
        assertThat(age.age(50, 0)).isEqualTo(49);
    }

    @Test
    void aFigureAheadOfTheTruthIsNotOld() {
        truthGrows();
        assertThat(age.age(50, 60)).as("recorded, not yet acknowledged").isZero();
        assertThat(age.age(200, 100)).as("complete").isZero();
    }

    @Test
    void aScreenAgesUntilTheNextFigure() {
        truthGrows();
        age.shown(20, 20);
        age.shown(60, 55);
        Samples ages = age.ages(20, 100);
        assertThat(ages.count()).isEqualTo(81);
        // from 20 to 59 it shows 20: the truth passed it at 21, so up to 38; from 60 on 55, passed at 56: 4 to 44
        assertThat(ages.percentile(1)).isEqualTo(44);
        assertThat(age.ages(20, 59).percentile(1)).isEqualTo(38);
        assertThat(age.ages(60, 60).percentile(1)).isEqualTo(4);
    }

    @Test
    void aScreenThatNeverShowedAnythingShowsNobody() {
        truthGrows();
        assertThat(age.ages(1, 100).percentile(1)).isEqualTo(99);
    }
}
