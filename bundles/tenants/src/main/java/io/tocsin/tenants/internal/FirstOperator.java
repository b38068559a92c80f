package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.tenants.api.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the first operator of an installation: when there is none, login {@code operator} with a random password, written
 * once to a file only the node's user can read, and never logged. Somebody signs in with it, makes people of their own and
 * deletes the file. On a thread of its own, again until the database lets it.
 */
@Component(service = FirstOperator.class, immediate = true, configurationPid = TenantSettings.PID)
public final class FirstOperator {
    static final String LOGIN = "operator";
    private static final Logger LOG = LoggerFactory.getLogger(FirstOperator.class);

    private final Database database;
    private final Registry registry;
    private final Path passwordFile;
    private final ScheduledExecutorService thread;

    @Activate
    public FirstOperator(
            @Reference Database database,
            @Reference AdministrativeModel model,
            @Reference Journal journal,
            TenantSettings settings) {
        this(
                database,
                model,
                journal,
                settings.operator_password_file().isBlank()
                        ? Path.of(System.getProperty("karaf.data", "data"), "operator-password")
                        : Path.of(settings.operator_password_file()));
        thread.execute(this::tryOnce);
    }

    FirstOperator(Database database, AdministrativeModel model, Journal journal, Path passwordFile) {
        this.database = database;
        this.registry = new Registry(model, journal);
        this.passwordFile = passwordFile;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "tenants-first-operator");
            made.setDaemon(true);
            return made;
        });
    }

    @Deactivate
    public void close() {
        thread.shutdownNow();
    }

    private void tryOnce() {
        try {
            if (ensure()) {
                LOG.info("tenants.operator.created login={} password-file={}", LOGIN, passwordFile);
            }
        } catch (DatabaseException | UncheckedIOException e) {
            LOG.warn("tenants.operator.postponed reason=\"{}\"", e.getMessage());
            thread.schedule(this::tryOnce, 5, TimeUnit.SECONDS);
        }
    }

    /** @return whether an operator had to be made */
    boolean ensure() {
        if (database.asEngine(FirstOperator::operatorExists)) {
            return false;
        }
        byte[] bits = new byte[18];
        new SecureRandom().nextBytes(bits);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        String hash = new PasswordHash().hash(password);
        boolean made = false;
        try {
            made = database.asEngine(c -> {
                Registry.oneOperatorAtATime(c);
                if (operatorExists(c)) {
                    return false;
                }
                write(password);
                User operator = new User(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        LOGIN,
                        "Operator",
                        Optional.empty(),
                        Set.of(Role.OPERATOR.word()),
                        "active",
                        0,
                        Optional.empty(),
                        0);
                registry.save(c, operator, Optional.of(hash), Actor.engine());
                return true;
            });
            return made;
        } finally {
            if (!made) {
                forget(password);
            }
        }
    }

    private static boolean operatorExists(Connection c) throws SQLException {
        String operatorExists =
                """
                select exists (select from app_user
                    where tenant_id is null and agency_id is null and 'operator' = any (roles))""";
        try (PreparedStatement select = c.prepareStatement(operatorExists);
                ResultSet row = select.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Made with its permissions from the start: there is no moment at which others could read it. */
    private void write(String password) {
        try {
            Files.deleteIfExists(passwordFile);
            Set<StandardOpenOption> create = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (SeekableByteChannel file = Files.newByteChannel(
                    passwordFile,
                    create,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                file.write(ByteBuffer.wrap((password + "\n").getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the first operator's password to " + passwordFile, e);
        }
    }

    /** After a failure the file must not promise a password that opens nothing. */
    private void forget(String password) {
        try {
            if (Files.exists(passwordFile)
                    && Files.readString(passwordFile).strip().equals(password)) {
                Files.delete(passwordFile);
            }
        } catch (IOException e) {
            LOG.warn("tenants.operator.leftover password-file={}", passwordFile);
        }
    }
}
