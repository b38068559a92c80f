package io.tocsin.shell.internal;

import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Installed;
import java.util.List;
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

    @Reference
    private InstalledChannels installed;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no channel is installed: nothing can be sent");
        for (String column : new String[] {"channel", "version", "accounts", "in flight", "carries", "detail"}) {
            table.column(column);
        }
        for (Installed channel : installed.all()) {
            List<AccountStatus> accounts = channel.refused().isPresent()
                    ? List.of()
                    : dispatch.accounts().stream()
                            .filter(a -> a.channel().equals(channel.type()))
                            .toList();
            table.addRow()
                    .addContent(
                            channel.type(),
                            channel.version(),
                            accounts.size(),
                            accounts.stream().mapToInt(AccountStatus::inFlight).sum(),
                            String.join(", ", channel.media()),
                            channel.refused().map(why -> "refused: " + why).orElse(""));
        }
        table.print(System.out);
        return null;
    }
}
