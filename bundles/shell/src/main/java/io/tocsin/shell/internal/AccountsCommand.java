package io.tocsin.shell.internal;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.Tenancy.AccountWarning;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    @Reference
    private Tenancy tenancy;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no account is enabled");
        for (String column :
                new String[] {"id", "account", "channel", "health", "in flight", "window", "lines", "msg/s", "detail"
                }) {
            table.column(column);
        }
        Map<Integer, String> warnings = warnings();
        for (DispatchStatus.AccountStatus account : dispatch.accounts()) {
            table.addRow()
                    .addContent(
                            account.accountId(),
                            account.name(),
                            account.channel(),
                            account.health().state().name().toLowerCase(),
                            account.inFlight(),
                            account.window(),
                            account.lines()
                                    .map(lines -> lines.ours() + " of " + lines.working())
                                    .orElse(""),
                            Math.round(account.ratePerSecond()),
                            Stream.of(account.health().detail(), warnings.getOrDefault(account.accountId(), ""))
                                    .filter(text -> !text.isBlank())
                                    .collect(Collectors.joining("; ")));
        }
        table.print(System.out);
        return null;
    }

    /** The rest of the table matters most when the database is away: it is shown all the same. */
    private Map<Integer, String> warnings() {
        try {
            return tenancy.accountWarnings().stream()
                    .collect(Collectors.toMap(AccountWarning::accountId, AccountWarning::problem, (one, two) -> one));
        } catch (DatabaseException away) {
            return Map.of();
        }
    }
}
