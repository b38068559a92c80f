package io.tocsin.routing.api;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Whoever answers calls to the numbers of accounts: a door. One service; the highest ranking is asked. */
@ConsumerType
public interface IncomingCalls {

    /**
     * Somebody called. On a thread of the channel's: must not block.
     *
     * @return what is said; exceptionally if nobody wants the call
     */
    CompletionStage<Dialogue> called(Line line, InboundCall call);

    /**
     * The account that was called.
     *
     * @param tenants whose calls it carries now
     */
    record Line(int accountId, String channel, Set<Integer> tenants) {}
}
