package io.tocsin.channel.api;

import java.util.Objects;
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
     * @param millicents thousandths of a cent of the account's currency for the whole message, when the channel knows its prices
     */
    record Cost(int parts, OptionalLong millicents) {
        public Cost {
            Objects.requireNonNull(millicents, "millicents");
            if (parts < 1 || millicents.isPresent() && millicents.getAsLong() < 0) {
                throw new IllegalArgumentException("a cost is 1 part at least, and no negative amount");
            }
        }

        /** Parts without a price. */
        public Cost(int parts) {
            this(parts, OptionalLong.empty());
        }
    }
}
