package io.tocsin.shell.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.Status;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.audit.api.Actor;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.tenants.api.Tenancy;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@code tocsin:alert-control}: pauses, resumes, cancels or closes an alert when no other door is left. */
@Service
@Command(
        scope = "tocsin",
        name = "alert-control",
        description = "Pauses, resumes, cancels or closes an alert, and says who was reached")
public final class AlertControlCommand implements Action {
    @Reference
    private Tenancy tenancy;

    @Reference
    private Alerts alerts;

    @Argument(index = 0, name = "action", required = true, description = "pause, resume, cancel or close")
    @Completion(
            value = StringsCompleter.class,
            values = {"pause", "resume", "cancel", "close"})
    private String action;

    @Argument(index = 1, name = "tenant", required = true, description = "The tenant's slug")
    @Completion(TenantCompleter.class)
    private String tenant;

    @Argument(index = 2, name = "alert", required = true, description = "The alert's number")
    @Completion(AlertCompleter.class)
    private long alertId;

    @Override
    public Object execute() {
        Optional<Tenant> owner = tenancy.tenant(tenant);
        if (owner.isEmpty()) {
            System.out.println("no tenant " + tenant + "; tocsin:tenants lists them");
            return null;
        }
        Actor actor = new Actor("console", "console", "console");
        int id = owner.get().id();
        try {
            Status status =
                    switch (action) {
                        case "pause" -> alerts.pause(id, alertId, actor);
                        case "resume" -> alerts.resume(id, alertId, actor);
                        case "cancel" -> alerts.cancel(id, alertId, actor);
                        case "close" -> alerts.close(id, alertId, actor);
                        default -> null;
                    };
            System.out.println(
                    status == null
                            ? "no action " + action + "; actions are pause, resume, cancel, close"
                            : "alert " + alertId + " is "
                                    + status.alert().state().name().toLowerCase() + ": "
                                    + status.totals().answered() + " answered, "
                                    + status.totals().delivered()
                                    + " delivered, " + status.totals().failed() + " failed, "
                                    + status.totals().unknown() + " unknown, "
                                    + status.totals().pending()
                                    + " pending");
        } catch (LaunchRefusedException refused) {
            System.out.println(refused.getMessage());
        } catch (NoSuchElementException none) {
            System.out.println(
                    "tenant " + tenant + " has no alert " + alertId + "; tocsin:alerts " + tenant + " lists them");
        }
        return null;
    }
}
