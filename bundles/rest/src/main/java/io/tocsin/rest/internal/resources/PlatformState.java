package io.tocsin.rest.internal.resources;

import io.tocsin.cluster.api.ClusterStatus;
import io.tocsin.cluster.api.Condition;
import io.tocsin.cluster.api.Condition.Code;
import io.tocsin.rest.internal.Allow;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;

/**
 * What is not as it should be, for whoever has a screen open. Asks nobody who they are: the database that would know may be what
 * is away. It says no more than {@code /health/ready}: no name, no address, no figure.
 */
@Produces(MediaType.APPLICATION_JSON)
@Path("/state")
public final class PlatformState {
    private final ClusterStatus cluster;

    public PlatformState(ClusterStatus cluster) {
        this.cluster = cluster;
    }

    /** @param conditions the gravest first; empty: all is well */
    public record StateView(List<ConditionView> conditions) {}

    /**
     * @param code stable: {@code no-primary}, {@code no-writes}, {@code clock-skew}
     * @param since when this node first saw it
     * @param words what is the matter, in plain English; screens have words of their own for the code
     * @param stillWorks what still works, and what does not
     */
    public record ConditionView(String code, Instant since, String words, String stillWorks) {
        static ConditionView of(Condition condition) {
            Code code = condition.code();
            return new ConditionView(code.word(), condition.since(), code.words(), code.stillWorks());
        }
    }

    @GET
    @Allow(anonymous = true)
    public StateView state() {
        return new StateView(cluster.conditions().stream()
                .filter(condition -> condition.code().everybody())
                .map(ConditionView::of)
                .toList());
    }
}
