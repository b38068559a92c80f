package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.CostEstimate.Cost;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a segment costs by the carrier's tariff.
 *
 * @param millicents hundred-thousandths of the currency's unit
 * @param currency ISO 4217 code
 */
record PartPrice(long millicents, String currency) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,4}(?:\\.[0-9]{1,5})?) ([A-Z]{3})");

    static Optional<PartPrice> of(Optional<String> written) throws ChannelSettingsException {
        if (written.isEmpty()) {
            return Optional.empty();
        }
        Matcher price = WRITTEN.matcher(written.get());
        if (!price.matches()) {
            throw new ChannelSettingsException(
                    "price-per-part",
                    "is no price: write an amount with at most five digits after the point, a space and the currency, such"
                            + " as 0.045 EUR");
        }
        return Optional.of(
                new PartPrice(new BigDecimal(price.group(1)).movePointRight(5).longValueExact(), price.group(2)));
    }

    /** @param parts at least 1 */
    static Cost cost(int parts, Optional<PartPrice> price) {
        return price.map(each -> new Cost(parts, OptionalLong.of(parts * each.millicents), Optional.of(each.currency)))
                .orElseGet(() -> new Cost(parts));
    }
}
