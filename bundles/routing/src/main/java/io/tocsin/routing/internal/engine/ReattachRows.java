package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Messages in doubt that may still be under way at their carrier. Nothing is decided about one before a node that has its
 * account open has asked for it, or nobody has for a while. All times are by the ledger's clock.
 */
interface ReattachRows {

    /** Whoever asks may die of it, and the next as well; but after so many times the limit decisions wait no longer. */
    int MOST_LIMITS = 4;

    /** A message in doubt, the account it may have left by, and the name of the node that had it. */
    record Doubt(TargetRef target, int accountId, String node) {}

    /** A message to ask for, as it was intended but for its batch, which is null. */
    record Question(Intent intent, int accountId) {}

    /** Notes that messages of a channel can be asked for: from then on a crash leaves {@link BatchRows.Silent} ones that say so. */
    void canAsk(String channel) throws SQLException;

    /** Lets these be asked for; until then, or for so long, nothing is decided about them. */
    void doubt(List<Doubt> doubts, Duration limit) throws SQLException;

    /**
     * Takes messages to ask for: those nobody has asked for, and those whose node is gone, found or not.
     *
     * @param onlyOwn those of the accounts by which only what this node had is to be taken
     * @param lease how long after its heartbeat a node counts as alive
     * @param limit how long an answer may take
     */
    List<Question> take(
            Node node,
            Collection<Integer> accountIds,
            Collection<Integer> onlyOwn,
            int atMost,
            Duration lease,
            Duration limit)
            throws SQLException;

    /** It is under way: this node waits for its end. @return whether that is news: another may have found it before, and died */
    boolean found(TargetRef target, String owner) throws SQLException;

    /** The carrier does not know it: what is due about it is decided. */
    void notFound(TargetRef target) throws SQLException;

    /** Nothing could be said: it is asked for again, after a while. */
    void again(TargetRef target, Duration after) throws SQLException;
}
