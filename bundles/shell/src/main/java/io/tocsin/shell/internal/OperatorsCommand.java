package io.tocsin.shell.internal;

import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.tenants.api.Tenancy;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:operators}: who runs this platform. */
@Service
@Command(scope = "tocsin", name = "operators", description = "Lists the people who run this platform")
public final class OperatorsCommand implements Action {
    @Reference
    private Tenancy tenancy;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no operator yet: the first is made within seconds");
        for (String column : new String[] {"login", "name", "state", "locked until"}) {
            table.column(column);
        }
        for (User user : tenancy.operators()) {
            table.addRow()
                    .addContent(
                            user.login(),
                            user.name(),
                            user.state(),
                            user.lockedUntil().map(Object::toString).orElse(""));
        }
        table.print(System.out);
        return null;
    }
}
