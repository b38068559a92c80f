package io.tocsin.shell.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.tenants.api.Tenancy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes the numbers of the latest alerts of the tenant already typed. */
@Service
public final class AlertCompleter implements Completer {
    private static final int LATEST = 20;

    @Reference
    private Tenancy tenancy;

    @Reference
    private Alerts alerts;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter numbers = new StringsCompleter();
        Arrays.stream(line.getArguments())
                .flatMap(word -> tenancy.tenant(word).stream())
                .findFirst()
                .ifPresent(tenant -> alerts.list(tenant.id(), Optional.empty(), LATEST)
                        .forEach(a -> numbers.getStrings().add(String.valueOf(a.alertId()))));
        return numbers.complete(session, line, candidates);
    }
}
