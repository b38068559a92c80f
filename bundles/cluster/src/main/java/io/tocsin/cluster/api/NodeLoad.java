package io.tocsin.cluster.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Registered as a service by what dispatches on a node: who the node is in the ledger, and what it does just now. */
@ConsumerType
public interface NodeLoad {

    /** Asked every few seconds; answers from memory. */
    Load load();

    /**
     * @param node the node's name in the ledger
     * @param incarnation how many times it has started
     */
    record Load(String node, long incarnation, List<Account> accounts) {
        public Load {
            accounts = List.copyOf(accounts);
        }
    }

    /**
     * @param name its owner's, a dot and its own
     * @param ratePerSecond what left on this node in the latest seconds
     * @param inFlight messages under way on this node; calls, where the channel makes calls
     */
    record Account(int accountId, String name, String channel, double ratePerSecond, int inFlight) {}
}
