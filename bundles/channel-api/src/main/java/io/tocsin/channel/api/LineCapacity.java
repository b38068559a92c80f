package io.tocsin.channel.api;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link Channel} that occupies a line for as long as a message takes: a telephone, a fax. Optional; found with
 * {@code instanceof} on what {@link ChannelProvider#open} returned.
 *
 * @since 1.2
 */
@ConsumerType
public interface LineCapacity {

    /**
     * How many messages can be under way at once on the lines there are now; 0 when none is. Asked again and again, on a thread
     * of the core's; must return at once, from memory. Never more than {@link Channel#window()}.
     */
    int lines();

    /**
     * How long a message may be under way at most, ringing included: the channel ends it before. Read once after opening. At most
     * an hour.
     *
     * @since 1.4
     */
    default Duration longest() {
        return Duration.ofMinutes(5);
    }
}
