package io.tocsin.shell.internal;

import io.tocsin.tenants.api.SealingKeyRing;
import io.tocsin.tenants.api.SealingKeyRing.KeyUse;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:secrets}: which keys seal the secrets typed for accounts, and whether this node has them. */
@Service
@Command(
        scope = "tocsin",
        name = "secrets",
        description =
                "Lists the keys that typed secrets are sealed under, how many each seals, and whether this node has it")
public final class SecretsCommand implements Action {
    @Reference
    private SealingKeyRing keys;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("nothing is sealed, and no key is on this node");
        for (String column : new String[] {"key", "seals", "secrets", "on this node"}) {
            table.column(column);
        }
        for (KeyUse key : keys.keys()) {
            table.addRow()
                    .addContent(
                            key.keyId(),
                            key.seals() ? "yes" : "",
                            key.secrets(),
                            key.problem().orElse("yes"));
        }
        table.print(System.out);
        return null;
    }
}
