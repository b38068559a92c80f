package io.tocsin.directory.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationCellTest {

    @Test
    void aPlaceIsWrittenInOneWay() {
        AddressCell read = PublicationCell.read("Saint-Aurel/Ville, @Alertes@Social.Example\n");
        assertThat(read.problems()).isEmpty();
        assertThat(read.addresses())
                .containsExactly(
                        new Address("publication", "saint-aurel/ville", "Saint-Aurel/Ville"),
                        new Address("publication", "@alertes@social.example", "@Alertes@Social.Example"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ville",
                "/ville",
                "saint-aurel/",
                "saint-aurel/../x",
                "saint-aurel/ville/",
                "1/2",
                "@alertes",
                "alertes@social.example",
                "@alertes@social.example/x",
                "@alertes@-social.example",
                "0639980001"
            })
    void anythingElseIsToldWithTheCure(String written) {
        AddressCell read = PublicationCell.read(written);
        assertThat(read.addresses()).isEmpty();
        assertThat(read.problems())
                .singleElement()
                .asString()
                .contains("write SITE/PAGE, such as saint-aurel/ville, or @name@host");
    }

    @Test
    void anEmptyCellIsNoProblem() {
        assertThat(PublicationCell.read(" ").addresses()).isEmpty();
        assertThat(PublicationCell.read(null).problems()).isEmpty();
    }
}
