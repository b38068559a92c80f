package io.tocsin.shell.internal;

import io.tocsin.tenants.api.Tenancy;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes operators' logins. */
@Service
public final class OperatorCompleter implements Completer {
    @Reference
    private Tenancy tenancy;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter logins = new StringsCompleter();
        tenancy.operators().forEach(user -> logins.getStrings().add(user.login()));
        return logins.complete(session, line, candidates);
    }
}
