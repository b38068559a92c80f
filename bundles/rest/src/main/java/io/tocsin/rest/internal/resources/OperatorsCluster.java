package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.cluster.api.ClusterStatus;
import io.tocsin.cluster.api.ClusterStatus.Facts;
import io.tocsin.cluster.api.ClusterStatus.Node;
import io.tocsin.cluster.api.Condition;
import io.tocsin.rest.internal.Allow;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The nodes, their sites and what each sees and does; what is not as it should be, with names and figures. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/operators/cluster")
public final class OperatorsCluster {
    private final ClusterStatus cluster;

    public OperatorsCluster(ClusterStatus cluster) {
        this.cluster = cluster;
    }

    /**
     * @param state {@code alone}, {@code joining}, {@code whole}, {@code incomplete}, {@code split}, {@code refused} or
     *     {@code stopped}: where the node that answers stands
     * @param detail why
     */
    public record ClusterView(String state, String detail, List<DetailedCondition> conditions, List<NodeView> nodes) {}

    /** As everybody is told, and which node, setting or figure it is about. */
    public record DetailedCondition(String code, Instant since, String words, String stillWorks, String detail) {
        static DetailedCondition of(Condition condition) {
            return new DetailedCondition(
                    condition.code().word(),
                    condition.since(),
                    condition.code().words(),
                    condition.code().stillWorks(),
                    condition.detail());
        }
    }

    /**
     * @param address where its cluster listens; empty: it is in none
     * @param here whether it is the node that answers
     * @param alive whether it gave a sign of life lately, to the database or over the cluster
     * @param connected whether it is in the cluster with the node that answers
     * @param leader the member that joined first: it decides nothing
     * @param database as that node sees it: {@code primary}, {@code unprotected}, {@code waiting-for-standby}, {@code slow},
     *     {@code clock-apart}, {@code read-only}, {@code no-primary}, {@code unreachable}, {@code refused-timeline},
     *     {@code refused-system}; left out: it said nothing lately
     * @param lagMillis how far the furthest of the standbys that a commit waits for is behind
     * @param clockOffsetMillis its clock minus the database's
     */
    public record NodeView(
            String name,
            String site,
            String address,
            String version,
            long starts,
            boolean here,
            boolean alive,
            boolean connected,
            boolean leader,
            Optional<Instant> startedAt,
            Optional<Instant> heartbeat,
            Optional<String> database,
            Optional<Long> lagMillis,
            Optional<Long> clockOffsetMillis,
            List<LoadView> accounts) {
        static NodeView of(Node node) {
            Optional<Facts> facts = node.facts();
            return new NodeView(
                    node.name(),
                    node.site(),
                    node.address(),
                    node.version(),
                    node.incarnation(),
                    node.here(),
                    node.alive(),
                    node.connected(),
                    node.leader(),
                    node.startedAt(),
                    node.heartbeat(),
                    facts.map(Facts::database).filter(said -> !said.isEmpty()),
                    facts.flatMap(Facts::lag).map(Duration::toMillis),
                    facts.flatMap(Facts::clockOffset).map(Duration::toMillis),
                    facts.stream()
                            .flatMap(said -> said.accounts().stream())
                            .map(account -> new LoadView(
                                    account.accountId(),
                                    account.name(),
                                    account.channel(),
                                    account.ratePerSecond(),
                                    account.inFlight()))
                            .toList());
        }
    }

    /** @param inFlight messages under way on that node; calls, of an account that makes calls */
    public record LoadView(int accountId, String name, String channel, double ratePerSecond, int inFlight) {}

    @GET
    @Allow(OPERATOR)
    public ClusterView cluster() {
        return new ClusterView(
                cluster.state().word(),
                cluster.detail(),
                cluster.conditions().stream().map(DetailedCondition::of).toList(),
                cluster.nodes().stream().map(NodeView::of).toList());
    }
}
