package io.tocsin.shell.internal;

import io.tocsin.persistence.api.DatabaseState;
import io.tocsin.persistence.api.DatabaseStatus;
import io.tocsin.persistence.api.SchemaState;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:database}: the server this node works on, and who follows it. */
@Service
@Command(
        scope = "tocsin",
        name = "database",
        description = "Shows the database server this node works on, and who follows it")
public final class DatabaseCommand implements Action {
    @Reference
    private DatabaseStatus status;

    @Override
    public Object execute() {
        DatabaseState state = status.state();
        ShellTable table = new ShellTable();
        table.column("database");
        table.column("of this node");
        table.addRow()
                .addContent(
                        "state",
                        state.condition().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        table.addRow().addContent("since", state.since().truncatedTo(ChronoUnit.SECONDS));
        table.addRow().addContent("server", state.server());
        table.addRow().addContent("timeline", state.timeline());
        table.addRow().addContent("system identifier", state.systemIdentifier());
        table.addRow().addContent("answered in", state.answeredIn().toMillis() + " ms");
        table.addRow()
                .addContent(
                        "this node's clock",
                        state.clockOffset()
                                .map(offset -> (offset.isNegative() ? "" : "+") + offset.toMillis() + " ms")
                                .orElse("not compared"));
        SchemaState schema = status.schema();
        table.addRow().addContent("schema", "known up to step V" + schema.knows());
        table.print(System.out);
        schema.held().ifPresent(System.out::println);
        if (!state.detail().isEmpty()) {
            System.out.println(state.detail());
        }
        System.out.println();
        ShellTable standbys = new ShellTable();
        standbys.column("follows");
        standbys.column("commits wait");
        standbys.column("bytes behind").alignRight();
        standbys.column("ms behind").alignRight();
        standbys.emptyTableText("nobody follows, or this node's role may not see who does");
        for (DatabaseState.Standby each : state.standbys()) {
            standbys.addRow()
                    .addContent(
                            each.name(),
                            each.synchronous() ? "yes" : "no",
                            each.lagBytes(),
                            each.lag().toMillis());
        }
        standbys.print(System.out);
        return null;
    }
}
