package io.tocsin.directory.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookCellTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://sirens.commune.example/north|https://sirens.commune.example/north",
                "HTTPS://Sirens.Commune.Example:443|https://sirens.commune.example/",
                "http://panel.commune.example:80/a?key=B|http://panel.commune.example/a?key=B",
                "https://panel.commune.example:8443/A/b/|https://panel.commune.example:8443/A/b/",
                "https://mairie-évry.example/hook|https://xn--mairie-vry-h7a.example/hook",
                "https://[2001:DB8::1]:8443/a|https://[2001:db8::1]:8443/a",
                "https://chat.commune.example?x=a@b|https://chat.commune.example/?x=a@b"
            })
    void aReceiverIsWrittenInOneWay(String written, String url) {
        AddressCell read = WebhookCell.read(written);
        assertThat(read.problems()).isEmpty();
        assertThat(read.addresses()).containsExactly(new Address("webhook", url, written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sirens.commune.example|not whole",
                "ftp://sirens.commune.example/token|not whole",
                "https:///token|not whole",
                "https://user:token@sirens.commune.example/|not whole",
                "https://sirens.commune.example:0/token|cannot exist",
                "https://sirens.commune.example:99999/token|cannot exist",
                "https://si_rens.commune.example/token|cannot exist",
                "https://sirens.commune.example/token#a|# part",
                "https://sirens.commune.example/a/../token|straight",
                "https://sirens.commune.example/a%2Ftoken|straight",
                "https://sirens.commune.example/a//token|straight",
                "https://sirens.commune.example/\\token|cannot stand",
                "https://sirens.commune.example/tokené|accented"
            })
    void whatIsWrongIsToldWithoutTheUrl(String written, String reason) {
        AddressCell read = WebhookCell.read(written);
        assertThat(read.addresses()).isEmpty();
        assertThat(read.problems()).singleElement().asString().contains(reason).doesNotContain("token");
    }

    @Test
    void severalInOneCellEachOnItsOwn() {
        AddressCell read = WebhookCell.read("https://a.example/1 \n https://b.example/2,3 nothing");
        assertThat(read.addresses())
                .extracting(Address::address)
                .containsExactly("https://a.example/1", "https://b.example/2,3");
        assertThat(read.problems()).hasSize(1);
        assertThat(WebhookCell.read(" ").addresses()).isEmpty();
        assertThat(WebhookCell.read(null).problems()).isEmpty();
    }

    @Test
    void aLongOneIsRefused() {
        assertThat(WebhookCell.read("https://a.example/" + "b".repeat(1000)).problems())
                .singleElement()
                .asString()
                .contains("1000");
    }
}
