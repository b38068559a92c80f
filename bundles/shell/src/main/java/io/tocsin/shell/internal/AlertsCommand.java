package io.tocsin.shell.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import io.tocsin.tenants.api.Tenancy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:alerts [tenant]}: the latest alerts and where their people stand. */
@Service
@Command(scope = "tocsin", name = "alerts", description = "Lists the latest alerts, of one tenant or of all")
public final class AlertsCommand implements Action {
    @Reference
    private Tenancy tenancy;

    @Reference
    private Alerts alerts;

    @Argument(name = "tenant", description = "A tenant's slug; all tenants when left out")
    @Completion(TenantCompleter.class)
    private String tenant;

    @Option(name = "-n", description = "How many of each tenant")
    private int most = 5;

    @Override
    public Object execute() {
        List<Tenant> tenants = tenancy.tenants(Optional.empty()).stream()
                .filter(t -> tenant == null || t.slug().equals(tenant))
                .toList();
        if (tenants.isEmpty()) {
            System.out.println(
                    tenant == null ? "no tenant yet" : "no tenant " + tenant + "; tocsin:tenants lists them");
            return null;
        }
        ShellTable table = new ShellTable().emptyTableText("no alert yet");
        for (String column : new String[] {
            "tenant",
            "alert",
            "title",
            "",
            "state",
            "launched",
            "people",
            "answered",
            "delivered",
            "failed",
            "unknown",
            "pending",
            "published"
        }) {
            table.column(column);
        }
        List<String> notices = new ArrayList<>();
        for (Tenant each : tenants) {
            for (Alert alert : alerts.list(each.id(), Optional.empty(), Math.max(1, most))) {
                Alerts.Status status = alerts.status(each.id(), alert.alertId());
                Totals totals = status.totals();
                status.held().forEach(held -> notices.add(each.slug() + " " + alert.alertId() + ": " + held.problem()));
                table.addRow()
                        .addContent(
                                each.slug(),
                                alert.alertId(),
                                alert.title(),
                                alert.drill() ? "drill" : "LIVE",
                                alert.state().name().toLowerCase(),
                                alert.launchedAt(),
                                totals.recipients(),
                                totals.answered(),
                                totals.delivered(),
                                totals.failed(),
                                totals.unknown(),
                                totals.pending(),
                                totals.published());
            }
        }
        table.print(System.out);
        notices.forEach(System.out::println);
        return null;
    }
}
