package io.tocsin.shell.internal;

import io.tocsin.cluster.api.ClusterStatus;
import io.tocsin.cluster.api.ClusterStatus.Facts;
import io.tocsin.cluster.api.ClusterStatus.Node;
import io.tocsin.cluster.api.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:cluster}: where this node stands, what is not as it should be, and every node there is. */
@Service
@Command(
        scope = "tocsin",
        name = "cluster",
        description = "Says where this node stands in the cluster, what is not as it should be, and lists the nodes")
public final class ClusterCommand implements Action {
    @Reference
    private ClusterStatus cluster;

    @Override
    public Object execute() {
        System.out.println(
                "cluster: " + cluster.state().word() + (cluster.detail().isEmpty() ? "" : ": " + cluster.detail()));
        for (Condition condition : cluster.conditions()) {
            System.out.println();
            System.out.println(
                    condition.code().word() + " since " + condition.since().truncatedTo(ChronoUnit.SECONDS) + ": "
                            + condition.code().words());
            System.out.println("  " + condition.detail());
            System.out.println("  " + condition.code().stillWorks());
        }
        System.out.println();
        ShellTable nodes = new ShellTable().emptyTableText("no node is known");
        for (String column : new String[] {
            "node",
            "site",
            "address",
            "release",
            "starts",
            "heartbeat",
            "in the cluster",
            "database",
            "clock",
            "in flight"
        }) {
            nodes.column(column);
        }
        for (Node node : cluster.nodes()) {
            Optional<Facts> facts = node.facts();
            nodes.addRow()
                    .addContent(
                            node.name() + (node.here() ? " (here)" : ""),
                            node.site(),
                            node.address(),
                            node.version(),
                            node.incarnation(),
                            node.heartbeat().map(ClusterCommand::seconds).orElse("?"),
                            node.leader() ? "first" : node.connected() ? "yes" : "no",
                            facts.map(Facts::database).orElse("?"),
                            facts.flatMap(Facts::clockOffset)
                                    .map(offset -> offset.toMillis() + " ms")
                                    .orElse("?"),
                            facts.map(said -> Integer.toString(said.accounts().stream()
                                            .mapToInt(account -> account.inFlight())
                                            .sum()))
                                    .orElse("?"));
        }
        nodes.print(System.out);
        return null;
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
