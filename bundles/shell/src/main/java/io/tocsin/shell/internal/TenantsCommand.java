package io.tocsin.shell.internal;

import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.TenantFolders;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:tenants}: every tenant, and what is wrong with its folder. */
@Service
@Command(scope = "tocsin", name = "tenants", description = "Lists tenants, and what is wrong with their folders")
public final class TenantsCommand implements Action {
    @Reference
    private Tenancy tenancy;

    @Reference
    private TenantFolders folders;

    @Override
    public Object execute() {
        Map<String, TenantFolders.Folder> declared =
                folders.folders().stream().collect(Collectors.toMap(TenantFolders.Folder::slug, Function.identity()));
        ShellTable table = new ShellTable().emptyTableText("no tenant yet: drop a folder into tenants/");
        for (String column : new String[] {"tenant", "name", "kind", "state", "source", "channels", "folder"}) {
            table.column(column);
        }
        for (Tenant tenant : tenancy.tenants(Optional.empty())) {
            TenantFolders.Folder folder = declared.get(tenant.slug());
            table.addRow()
                    .addContent(
                            tenant.slug(),
                            tenant.name(),
                            tenant.kind(),
                            tenant.state(),
                            tenant.source(),
                            tenant.channels().isEmpty() ? "all" : String.join(", ", tenant.channels()),
                            folder == null ? "" : folder.state());
        }
        table.print(System.out);
        declared.values().stream().filter(f -> !f.problems().isEmpty()).forEach(f -> {
            System.out.println(f.slug() + " is " + f.state() + " since " + f.since() + ":");
            f.problems().forEach(problem -> System.out.println("  " + problem));
        });
        return null;
    }
}
