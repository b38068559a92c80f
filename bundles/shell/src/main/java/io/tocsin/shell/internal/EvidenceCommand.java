package io.tocsin.shell.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Evidence;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.tenants.api.Tenancy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code tocsin:evidence}: writes the evidence package of an alert into a file on this node, readable by its user only. */
@Service
@Command(scope = "tocsin", name = "evidence", description = "Writes the evidence package of an alert into a new file")
public final class EvidenceCommand implements Action {
    private static final FileAttribute<?> OURS_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    @Reference
    private Tenancy tenancy;

    @Reference
    private Alerts alerts;

    @Argument(index = 0, name = "tenant", required = true, description = "The tenant's slug")
    @Completion(TenantCompleter.class)
    private String tenant;

    @Argument(index = 1, name = "alert", required = true, description = "The alert's number")
    @Completion(AlertCompleter.class)
    private long alertId;

    @Argument(index = 2, name = "file", required = true, description = "The file to write; must not be there yet")
    private String file;

    @Option(
            name = "--masked",
            description = "Without names, contact numbers and variables; of addresses two characters")
    private boolean masked;

    @Override
    public Object execute() {
        Optional<Tenant> owner = tenancy.tenant(tenant);
        if (owner.isEmpty()) {
            System.out.println("no tenant " + tenant + "; tocsin:tenants lists them");
            return null;
        }
        Path path = Path.of(file).toAbsolutePath();
        try (FileChannel created =
                FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OURS_ONLY)) {
            write(owner.get().id(), path, Channels.newOutputStream(created));
            System.out.println(path + ": " + created.size() + " bytes; check it with ./tocsin verify " + path);
        } catch (NoSuchElementException none) {
            System.out.println(
                    "tenant " + tenant + " has no alert " + alertId + "; tocsin:alerts " + tenant + " lists them");
        } catch (FileAlreadyExistsException there) {
            System.out.println(path + " is there already; name another file");
        } catch (IOException e) {
            System.out.println(
                    path + " cannot be written: " + e.getClass().getSimpleName() + "; name a file in a folder that"
                            + " is there, on a disk with room, and that the node's user may write");
        }
        return null;
    }

    /** A package that could not be written whole leaves no file. */
    private void write(int tenantId, Path path, OutputStream out) throws IOException {
        boolean whole = false;
        try {
            alerts.evidence(
                    tenantId,
                    alertId,
                    masked ? Evidence.Variant.MASKED : Evidence.Variant.FULL,
                    new Actor("console", "console", "console"),
                    out);
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(path);
            }
        }
    }
}
