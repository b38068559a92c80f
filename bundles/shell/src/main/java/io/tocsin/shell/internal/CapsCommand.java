package io.tocsin.shell.internal;

import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.CapStatus;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:caps}: what local exchanges and sites take, and who waits for it. */
@Service
@Command(
        scope = "tocsin",
        name = "caps",
        description = "Lists caps of local exchanges and sites, what leaves under them on all nodes, and who waits")
public final class CapsCommand implements Action {
    @Reference
    private DispatchStatus dispatch;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no cap is set");
        for (String column : new String[] {"id", "cap", "allowed msg/s", "msg/s", "waiting", "the last leaves in"}) {
            table.column(column);
        }
        for (CapStatus cap : dispatch.caps()) {
            table.addRow()
                    .addContent(
                            cap.capId(),
                            cap.name(),
                            number(cap.perSecond()),
                            number(cap.ratePerSecond()),
                            cap.waiting(),
                            cap.waiting() == 0 ? "" : time(cap.waiting() / cap.perSecond()));
        }
        table.print(System.out);
        return null;
    }

    private static String number(double perSecond) {
        return perSecond == Math.rint(perSecond)
                ? Long.toString((long) perSecond)
                : String.format(Locale.ROOT, "%.2f", perSecond);
    }

    private static String time(double seconds) {
        long s = (long) Math.ceil(seconds);
        return s < 120 ? s + " s" : s < 7200 ? s / 60 + " min" : s / 3600 + " h";
    }
}
