package io.tocsin.shell.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.tenants.api.SealingKeyRing;
import io.tocsin.tenants.api.SealingKeyRing.Resealed;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code tocsin:secrets-reseal}: seals every typed secret anew under the latest key, so that the one before can be removed. */
@Service
@Command(
        scope = "tocsin",
        name = "secrets-reseal",
        description =
                "Seals every typed secret anew under the latest key of this node; copy that key to every node first")
public final class SecretsResealCommand implements Action {
    @Reference
    private SealingKeyRing keys;

    @Override
    public Object execute() throws CommandException {
        try {
            Resealed resealed = keys.reseal(new Actor("console", "console", "console"));
            System.out.println(resealed.done() + " sealed anew under key " + resealed.keyId());
            if (!resealed.left().isEmpty()) {
                System.out.println(resealed.left().size() + " left as they are:");
                resealed.left().forEach(System.out::println);
            }
        } catch (RefusedException refused) {
            // Not printed only: a script that rotates keys must not go on and remove the one before.
            throw new CommandException(refused.getMessage());
        }
        return null;
    }
}
