package io.tocsin.channel.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link Channel} that can take back what it was given and has not reached anybody yet: a telephone that rings. Optional; found
 * with {@code instanceof}.
 *
 * @since 1.4
 */
@ConsumerType
public interface Withdrawal {

    /**
     * The message is no longer wanted: its person answered elsewhere, or the alert was cancelled. If it has reached nobody, it is stopped, and
     * its stage completes with {@link SendOutcome.Rejected} {@code ("withdrawn", CARRIER)}; whoever listens already hears it to the end. Returns at
     * once; a reference that is not under way is ignored.
     */
    void withdraw(String reference);
}
