package io.tocsin.channel.api;

import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link Channel} that knows of a message before it leaves that it would reject it. Optional; found with {@code instanceof} on what
 * {@link ChannelProvider#open} returned. Asked when an alert is checked before its launch, so that who launches hears of it while there
 * is time to mend it.
 *
 * @since 1.5
 */
@ConsumerType
public interface Preflight {

    /**
     * What stands against this message. Called on threads of the core's, several at once; computes from memory and the message, returns
     * within milliseconds, sends nothing and asks nobody. Whether the channel is up says nothing about a message.
     *
     * @return why {@link Channel#send} would answer {@link SendOutcome.Rejected}; empty when only the carrier could say
     */
    Optional<Objection> objection(OutboundMessage message);

    /**
     * Why a message would be rejected.
     *
     * @param code that of {@link SendOutcome.Rejected#code()}
     * @param cure what to do about it, for people, in English; nothing of the message itself, which is somebody's
     */
    record Objection(String code, String cure) {
        public Objection {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(cure, "cure");
        }
    }
}
