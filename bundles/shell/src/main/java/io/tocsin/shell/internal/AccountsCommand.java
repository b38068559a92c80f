package io.tocsin.shell.internal;

import io.tocsin.routing.api.DispatchStatus;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:accounts}: each carrier account and how it is doing on this node. */
@Service
@Command(scope = "tocsin", name = "accounts", description = "Lists carrier accounts with their health on this node")
public final class AccountsCommand implements Action {
    @Reference
    private DispatchStatus dispatch;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no account is enabled");
        for (String column :
                new String[] {"id", "account", "channel", "health", "in flight", "window", "msg/s", "detail"}) {
            table.column(column);
        }
        for (DispatchStatus.AccountStatus account : dispatch.accounts()) {
            table.addRow()
                    .addContent(
                            account.accountId(),
                            account.name(),
                            account.channel(),
                            account.health().state().name().toLowerCase(),
                            account.inFlight(),
                            account.window(),
                            Math.round(account.ratePerSecond()),
                            account.health().detail());
        }
        table.print(System.out);
        return null;
    }
}
