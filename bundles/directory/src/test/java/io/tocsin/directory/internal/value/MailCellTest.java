package io.tocsin.directory.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailCellTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Jean.Dupont@Commune.Example|Jean.Dupont@commune.example",
                "mailto:a@b.example|a@b.example",
                "Jean Dupont <jean@commune.example>|jean@commune.example",
                " a+b@c.example |a+b@c.example",
                "jean@mairie-évry.example|jean@xn--mairie-vry-h7a.example"
            })
    void mailboxesAsPeopleWriteThem(String written, String mailbox) {
        AddressCell read = MailCell.read(written);
        assertThat(read.problems()).isEmpty();
        assertThat(read.addresses()).extracting(Address::address).containsExactly(mailbox);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jean|no @",
                "@commune.example|nothing before",
                "jean@commune|whole domain",
                "jean@@commune.example|before the @",
                "jean..dupont@commune.example|before the @",
                "jean@-x.example|cannot exist",
                "jean@1.2.3.4|cannot exist",
                "jean dupont@commune.example|before the @",
                "éric@commune.example|accented"
            })
    void whatIsNoMailboxIsRefusedWithItsReason(String written, String reason) {
        AddressCell read = MailCell.read(written);
        assertThat(read.addresses()).isEmpty();
        assertThat(read.problems()).singleElement().asString().contains(reason);
    }

    @Test
    void severalInOneCellEachOnItsOwn() {
        AddressCell read = MailCell.read("a@x.example; b@x.example, c@@x.example");
        assertThat(read.addresses()).extracting(Address::address).containsExactly("a@x.example", "b@x.example");
        assertThat(read.problems()).hasSize(1);
    }

    @Test
    void lengthsAreThoseOfTheRfc() {
        assertThat(MailCell.read("a".repeat(64) + "@x.example").problems()).isEmpty();
        assertThat(MailCell.read("a".repeat(65) + "@x.example").problems()).hasSize(1);
        String label = "d".repeat(60);
        assertThat(MailCell.read("a@" + (label + ".").repeat(4) + "example").problems())
                .isEmpty();
        assertThat(MailCell.read("a".repeat(20) + "@" + (label + ".").repeat(4) + "example")
                        .problems())
                .hasSize(1);
    }
}
