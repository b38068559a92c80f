package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.CostEstimate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmsSettingsTest {
    private static final Map<String, String> LEAST =
            Map.of("host", "smsc.example", "system-id", "town", "password", "hush");

    @Test
    void threeSettingsAreEnough() throws Exception {
        SmsSettings settings = SmsSettings.of(new ChannelAccount("test", LEAST));
        assertThat(settings.port()).isEqualTo(2775);
        assertThat(settings.window()).isEqualTo(50);
        assertThat(settings.transmitBinds()).isEqualTo(1);
        assertThat(settings.receiveBinds()).isEqualTo(1);
        assertThat(settings.responseTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.enquireLink()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.sender()).isEqualTo(SmsSender.CARRIERS);
        assertThat(settings.messageIds()).isEqualTo(MessageIdFormat.AS_IS);
        assertThat(settings.toString()).doesNotContain("hush");
    }

    @Test
    void refusalSaysWhatToWriteAndNeverTheSecret() {
        assertThatThrownBy(() -> SmsSettings.of(new ChannelAccount("test", with("enquire-link", "5 seconds"))))
                .isInstanceOf(ChannelSettingsException.class)
                .hasMessageContaining("enquire-link")
                .hasMessageContaining("5s");
        assertThatThrownBy(() -> SmsSettings.of(new ChannelAccount("test", with("hots", "x"))))
                .hasMessageContaining("hots")
                .hasMessageContaining("host");
        assertThatThrownBy(() -> SmsSettings.of(new ChannelAccount("test", with("password", "far-too-long-secret"))))
                .hasMessageContaining("password")
                .hasMessageNotContaining("far-too-long-secret");
    }

    @ParameterizedTest
    @CsvSource({"0.045 EUR, 4500, EUR", "12 CHF, 1200000, CHF", "0.00001 EUR, 1, EUR"})
    void aPriceIsAnAmountAndACurrency(String written, long millicents, String currency) throws Exception {
        SmsSettings settings = SmsSettings.of(new ChannelAccount("test", with("price-per-part", written)));
        assertThat(settings.price()).contains(new PartPrice(millicents, currency));
        assertThat(PartPrice.cost(3, settings.price()))
                .isEqualTo(new CostEstimate.Cost(3, OptionalLong.of(3 * millicents), Optional.of(currency)));
        assertThat(PartPrice.cost(
                        3, SmsSettings.of(new ChannelAccount("test", LEAST)).price()))
                .isEqualTo(new CostEstimate.Cost(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.045", "0,045 EUR", "0.0000001 EUR", "-1 EUR", "0.045 eur", "€ 0.045", "99999 EUR"})
    void anythingElseIsNoPrice(String written) {
        assertThatThrownBy(() -> SmsSettings.of(new ChannelAccount("test", with("price-per-part", written))))
                .isInstanceOf(ChannelSettingsException.class)
                .hasMessageContaining("price-per-part")
                .hasMessageContaining("such as 0.045 EUR");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIRIE, MAIRIE, 5, 0",
        "Croix12, Croix12, 5, 0",
        "38123, 38123, 3, 0",
        "+33639980001, 33639980001, 1, 1"
    })
    void sendersHaveTheirTypes(String written, String address, byte ton, byte npi) throws Exception {
        SmsSettings settings = SmsSettings.of(new ChannelAccount("test", with("sender", written)));
        assertThat(settings.withTypes(settings.sender())).isEqualTo(new SmsSender(address, ton, npi));
    }

    @Test
    void accountMayFixTheTypes() throws Exception {
        Map<String, String> written = with("sender", "38123");
        written.put("sender-ton", "0");
        written.put("sender-npi", "1");
        SmsSettings settings = SmsSettings.of(new ChannelAccount("test", written));
        assertThat(settings.withTypes(settings.sender())).isEqualTo(new SmsSender("38123", (byte) 0, (byte) 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MA MAIRIE",
                "MAIRIEDECROIX",
                "Préfecture",
                "alerte",
                "Alert",
                "INFO",
                "0612345678",
                "+0612",
                "a-b"
            })
    void senderThatOperatorsRefuseIsRefused(String written) {
        assertThat(SmsSender.of(written)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "AS_IS, 0A1b, 0A1b, 0A1b, 0A1b",
        "AUTO, 0A1b, 0a1B, a1b, a1b",
        "HEX, 0A1b, a1B, 2587, 2587",
        "DECIMAL, 0042, 42, 42, 42",
        "HEX_THEN_DECIMAL, A1B, 2587, 2587, 2587",
        "DECIMAL_THEN_HEX, 2587, 0a1b, 2587, 2587",
        "HEX, id-9, id-9, id-9, id-9"
    })
    void idsOfResponseAndReceiptBecomeTheSame(
            MessageIdFormat format, String response, String receipt, String ofResponse, String ofReceipt) {
        assertThat(format.ofResponse(response)).isEqualTo(ofResponse);
        assertThat(format.ofReceipt(receipt)).isEqualTo(ofReceipt);
    }

    private static Map<String, String> with(String setting, String value) {
        Map<String, String> written = new HashMap<>(LEAST);
        written.put(setting, value);
        return written;
    }
}
