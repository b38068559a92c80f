package io.tocsin.shell.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/**
 * {@code tocsin:operator}: adds, suspends and reinstates operators, and gives one who forgot it a new password. Passwords are
 * made here and shown once: what is typed at the console is kept in its log.
 */
@Service
@Command(
        scope = "tocsin",
        name = "operator",
        description = "Adds, suspends or reinstates an operator, or gives them a new password")
public final class OperatorCommand implements Action {
    private static final int PASSWORD_BYTES = 18;

    @Reference
    private Tenancy tenancy;

    @Argument(index = 0, name = "action", required = true, description = "add, suspend, reinstate or password")
    @Completion(
            value = StringsCompleter.class,
            values = {"add", "suspend", "reinstate", "password"})
    private String action;

    @Argument(index = 1, name = "login", required = true, description = "The operator's login")
    @Completion(OperatorCompleter.class)
    private String login;

    @Argument(index = 2, name = "name", description = "The person's name, when adding")
    private String name;

    @Override
    public Object execute() {
        Optional<User> present = tenancy.operators().stream()
                .filter(user -> user.login().equals(login))
                .findFirst();
        if (!action.equals("add") && present.isEmpty()) {
            System.out.println("no operator " + login + "; tocsin:operators lists them");
            return null;
        }
        try {
            switch (action) {
                case "add" -> add();
                case "suspend" -> save(present.get(), "suspended", Optional.empty());
                case "reinstate" -> save(present.get(), "active", Optional.empty());
                case "password" -> save(present.get(), present.get().state(), Optional.of(password()));
                default ->
                    System.out.println("no action " + action + "; actions are add, suspend, reinstate, password");
            }
        } catch (RefusedException refused) {
            System.out.println(refused.getMessage());
        } catch (StaleRecordException changed) {
            System.out.println(
                    login + " was changed by somebody else just now; look at tocsin:operators and try again");
        }
        return null;
    }

    private void add() {
        User operator = new User(
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                login,
                name == null ? login : name,
                Optional.empty(),
                Set.of(Role.OPERATOR.word()),
                "active",
                0,
                Optional.empty(),
                0);
        save(operator, "active", Optional.of(password()));
    }

    private void save(User user, String state, Optional<String> password) {
        tenancy.save(
                new User(
                        user.id(),
                        user.agencyId(),
                        user.tenantId(),
                        user.unitId(),
                        user.login(),
                        user.name(),
                        Optional.empty(),
                        user.roles(),
                        state,
                        0,
                        Optional.empty(),
                        user.version()),
                password,
                new Actor("console", "console", "console"));
        System.out.println("operator " + login + " is " + state);
        password.ifPresent(made -> System.out.println(
                "password, shown once: " + made + "\nto be changed by its owner: POST /api/v1/me/password"));
    }

    private static String password() {
        byte[] bits = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
