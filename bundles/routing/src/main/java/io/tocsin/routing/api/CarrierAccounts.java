package io.tocsin.routing.api;

import io.tocsin.channel.api.ChannelAccount;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** The accounts routing may send through; implemented by the room that owns tenants. Blocks briefly (database). */
@ConsumerType
public interface CarrierAccounts {

    /** Every enabled account. */
    List<Route> enabled();

    /**
     * The settings of an account with its secrets resolved, for opening a channel; not to be kept.
     *
     * @throws UnresolvedSecretException naming the secret that is not there, or why the account stays closed
     */
    ChannelAccount open(int accountId) throws UnresolvedSecretException;

    /**
     * An account and who may use it.
     *
     * @param tenantId its owner; empty: shared by the tenants of the agency
     * @param tenants those whose messages it may carry: no others' are ever handed to it
     * @param heard those whose people may reply to it, also to what it carried when it still might: all of {@code tenants} and more
     * @param rank lower is preferred
     * @param messagesPerSecond the carrier's throttle, for all nodes together
     * @param version changes whenever anything of the account changes: the channel must be opened anew
     */
    record Route(
            int accountId,
            String name,
            String channel,
            int agencyId,
            Optional<Integer> tenantId,
            List<Integer> tenants,
            List<Integer> heard,
            int rank,
            Optional<Integer> messagesPerSecond,
            int version) {

        /** Heard by those whose messages it carries. */
        public Route(
                int accountId,
                String name,
                String channel,
                int agencyId,
                Optional<Integer> tenantId,
                List<Integer> tenants,
                int rank,
                Optional<Integer> messagesPerSecond,
                int version) {
            this(accountId, name, channel, agencyId, tenantId, tenants, tenants, rank, messagesPerSecond, version);
        }
    }

    /** A secret an account refers to is not on this node, or its owner may not use its channel. */
    final class UnresolvedSecretException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnresolvedSecretException(String message) {
            super(message);
        }
    }
}
