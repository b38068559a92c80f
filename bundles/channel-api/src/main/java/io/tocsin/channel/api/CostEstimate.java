package io.tocsin.channel.api;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link Channel} that knows what a message will cost before it leaves. Optional; found with {@code instanceof} on what
 * {@link ChannelProvider#open} returned. Asked when an alert is checked before its launch.
 *
 * @since 1.2
 */
@ConsumerType
public interface CostEstimate {

    /**
     * What {@link Channel#send sending} this message would cost. Called on threads of the core's, several at once; computes from
     * memory and returns within milliseconds; sends nothing and asks nobody.
     *
     * @return the estimate; of a message this channel would reject, what it would cost all the same
     */
    Cost estimate(OutboundMessage message);

    /**
     * What a message costs.
     *
     * @param parts units the carrier charges for: SMS segments, fax pages, minutes begun; at least 1
     * @param millicents hundred-thousandths of the currency's unit for the whole message, when the channel knows its prices
     * @param currency ISO 4217 code of the currency, such as {@code EUR}, when the channel knows it; since 1.3
     */
    record Cost(int parts, OptionalLong millicents, Optional<String> currency) {
        public Cost {
            Objects.requireNonNull(millicents, "millicents");
            Objects.requireNonNull(currency, "currency");
            if (parts < 1 || millicents.isPresent() && millicents.getAsLong() < 0) {
                throw new IllegalArgumentException("a cost is 1 part at least, and no negative amount");
            }
        }

        /** Of a currency the channel does not know. */
        public Cost(int parts, OptionalLong millicents) {
            this(parts, millicents, Optional.empty());
        }

        /** Parts without a price. */
        public Cost(int parts) {
            this(parts, OptionalLong.empty());
        }
    }
}
