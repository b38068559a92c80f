package io.tocsin.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.internal.AlertDesk;
import io.tocsin.alerting.internal.AlertingSettings;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.internal.TenantRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.impl.action.command.ManagerImpl;
import org.apache.karaf.shell.impl.console.RegistryImpl;
import org.apache.karaf.shell.support.parsing.CommandLineImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the tab key offers, through the console's own machinery: the commands' annotations, real tenants and alerts. */
class CompletionTest {
    private static final LedgerStore LEDGER = new LedgerStore();
    private static TestDatabase db;
    private static RegistryImpl registry;
    private static Session session;
    private static long first;
    private static long second;
    private static long elsewhere;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
        int town = db.tenant("val-de-rive");
        int plant = db.tenant("valchimie");
        db.tenant("mont-dessus");
        first = alert(town);
        second = alert(town);
        elsewhere = alert(plant);
        ChainedJournal journal = new ChainedJournal();
        Tenancy tenancy = new TenantRegistry(db.database(), db.model(), journal, null);
        Alerts alerts = new AlertDesk(
                db.database(),
                db.model(),
                null,
                LEDGER,
                null,
                null,
                journal,
                null,
                null,
                null,
                null,
                proxy(AlertingSettings.class, "http://x"));
        registry = new RegistryImpl(null);
        registry.register(tenancy);
        registry.register(alerts);
        session = proxy(Session.class, null);
        ManagerImpl commands = new ManagerImpl(registry, registry, true);
        for (Class<?> service : List.of(
                TenantCompleter.class,
                AlertCompleter.class,
                OperatorCompleter.class,
                AlertControlCommand.class,
                AlertsCommand.class,
                OperatorCommand.class)) {
            commands.register(service);
        }
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @Test
    void actionsAreOffered() {
        assertThat(offered("alert-control", "")).containsExactlyInAnyOrder("pause", "resume", "cancel", "close");
        assertThat(offered("alert-control", "c")).containsExactlyInAnyOrder("cancel", "close");
    }

    @Test
    void tenantsAreOfferedByTheirBeginning() {
        assertThat(offered("alerts", "")).containsExactlyInAnyOrder("mont-dessus", "val-de-rive", "valchimie");
        assertThat(offered("alerts", "val")).containsExactlyInAnyOrder("val-de-rive", "valchimie");
        assertThat(offered("alert-control", "pause", "mont")).containsExactly("mont-dessus");
        assertThat(offered("alerts", "x")).isEmpty();
    }

    @Test
    void alertsAreOfferedOfTheTenantAlreadyTyped() {
        assertThat(offered("alert-control", "pause", "val-de-rive", ""))
                .containsExactlyInAnyOrder(String.valueOf(first), String.valueOf(second));
        assertThat(offered("alert-control", "pause", "valchimie", "")).containsExactly(String.valueOf(elsewhere));
        assertThat(offered("alert-control", "pause", "mont-dessus", "")).isEmpty();
        assertThat(offered("alert-control", "pause", "nulle-part", "")).isEmpty();
    }

    @Test
    void operatorsAreOffered() {
        assertThat(offered("operator", "sus")).containsExactly("suspend");
        assertThat(offered("operator", "suspend", "")).as("there are none yet").isEmpty();
    }

    /** What is offered for the last word of a command line. */
    private static List<String> offered(String command, String... words) {
        List<String> arguments = new ArrayList<>(List.of("tocsin:" + command));
        arguments.addAll(List.of(words));
        String line = String.join(" ", arguments);
        String last = words[words.length - 1];
        List<String> candidates = new ArrayList<>();
        registry.getCommand("tocsin", command)
                .getCompleter(false)
                .complete(
                        session,
                        new CommandLineImpl(
                                arguments.toArray(String[]::new), words.length, last.length(), line.length(), line),
                        candidates);
        return candidates.stream().map(String::strip).toList();
    }

    private static long alert(int tenant) {
        DispatchPolicy policy = new DispatchPolicy(
                List.of(new DispatchPolicy.Step("sms", Duration.ofMinutes(5), 1, DispatchPolicy.Until.DELIVERED)),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return db.database().inTenant(tenant, connection -> LEDGER.create(
                        connection,
                        new Alert(
                                tenant,
                                0,
                                "crue",
                                1,
                                "Crue",
                                Category.OPERATIONAL,
                                true,
                                Alert.State.RUNNING,
                                policy,
                                0,
                                "test",
                                Instant.EPOCH,
                                Optional.empty()),
                        List.of())
                .alertId());
    }

    /** A session knows its registry and commands by their names; settings answer the text. */
    private static <T> T proxy(Class<T> type, String text) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "getRegistry" -> registry;
                    case "resolveCommand" -> arguments[0];
                    default -> method.getReturnType() == String.class ? text : null;
                }));
    }
}
