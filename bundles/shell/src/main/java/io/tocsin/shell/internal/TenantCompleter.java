package io.tocsin.shell.internal;

import io.tocsin.tenants.api.Tenancy;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes tenants' slugs. */
@Service
public final class TenantCompleter implements Completer {
    @Reference
    private Tenancy tenancy;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter slugs = new StringsCompleter();
        tenancy.tenants(Optional.empty()).forEach(t -> slugs.getStrings().add(t.slug()));
        return slugs.complete(session, line, candidates);
    }
}
