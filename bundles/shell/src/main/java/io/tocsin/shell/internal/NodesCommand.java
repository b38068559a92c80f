package io.tocsin.shell.internal;

import io.tocsin.routing.api.DispatchStatus;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:nodes}: the nodes that dispatch, and what this one has counted since it started. */
@Service
@Command(scope = "tocsin", name = "nodes", description = "Lists the nodes that dispatch, and this node's counters")
public final class NodesCommand implements Action {
    @Reference
    private DispatchStatus dispatch;

    @Override
    public Object execute() {
        ShellTable nodes = new ShellTable();
        for (String column : new String[] {"node", "starts", "started", "heartbeat", "state"}) {
            nodes.column(column);
        }
        for (DispatchStatus.NodeStatus node : dispatch.nodes()) {
            nodes.addRow()
                    .addContent(
                            node.name(),
                            node.incarnation(),
                            node.startedAt().truncatedTo(ChronoUnit.SECONDS),
                            node.heartbeat().truncatedTo(ChronoUnit.SECONDS),
                            node.alive() ? "alive" : "silent");
        }
        nodes.print(System.out);
        System.out.println();
        ShellTable counters = new ShellTable();
        counters.column("counter of " + dispatch.node());
        counters.column("since start").alignRight();
        new TreeMap<>(dispatch.counters())
                .forEach((name, n) -> counters.addRow().addContent(name, n));
        counters.print(System.out);
        return null;
    }
}
