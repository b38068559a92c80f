package io.tocsin.shell.internal;

import io.tocsin.routing.api.DispatchStatus;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:channels}: the channel types installed on this node. */
@Service
@Command(scope = "tocsin", name = "channels", description = "Lists the channel types installed on this node")
public final class ChannelsCommand implements Action {
    @Reference
    private DispatchStatus dispatch;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no channel is installed: nothing can be sent");
        for (String column : new String[] {"channel", "version", "accounts", "in flight"}) {
            table.column(column);
        }
        dispatch.channels().forEach((type, version) -> table.addRow()
                .addContent(
                        type,
                        version,
                        dispatch.accounts().stream()
                                .filter(a -> a.channel().equals(type))
                                .count(),
                        dispatch.accounts().stream()
                                .filter(a -> a.channel().equals(type))
                                .mapToInt(DispatchStatus.AccountStatus::inFlight)
                                .sum()));
        table.print(System.out);
        return null;
    }
}
