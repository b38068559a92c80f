package io.tocsin.shell.internal;

import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:traffic}: what came of each account's messages on this node, and how long its channel took to say so. */
@Service
@Command(scope = "tocsin", name = "traffic", description = "Counts what became of each account's messages on this node")
public final class TrafficCommand implements Action {
    private static final List<String> FATES =
            List.of("accepted", "retry", "rejected", "in-doubt", "failed", "timed-out", "late");

    @Reference
    private DispatchStatus dispatch;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no account is open");
        table.column("account");
        table.column("channel");
        FATES.forEach(fate -> table.column(fate).alignRight());
        table.column("median").alignRight();
        table.column("99 %").alignRight();
        for (AccountTraffic account : dispatch.traffic()) {
            List<Object> cells = new ArrayList<>(List.of(account.name(), account.channel()));
            FATES.forEach(fate -> cells.add(account.counts().getOrDefault(fate, 0L)));
            cells.add(atMost(account.median()));
            cells.add(atMost(account.slowest()));
            table.addRow().addContent(cells);
        }
        table.print(System.out);
        return null;
    }

    private static String atMost(Optional<Duration> time) {
        return time.map(t -> "≤ " + (t.toMillis() < 1000 ? t.toMillis() + " ms" : t.toSeconds() + " s"))
                .orElse("-");
    }
}
