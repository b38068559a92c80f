package io.tocsin.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Alerts launched one after another by a thread of its own: the next while at most one audience has not left yet. */
final class AlertChain {
    private final Api api;
    private final SimulatedSmsc smsc;
    private final BenchTenant tenant;
    private final List<Long> alerts = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "alert-chain");
    private volatile boolean over;
    private volatile Optional<Exception> failure = Optional.empty();

    AlertChain(Api api, BenchTenant tenant, SimulatedSmsc smsc) {
        this.api = api;
        this.smsc = smsc;
        this.tenant = tenant;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!over) {
                if (due() - smsc.counters().messages() < tenant.recipients()) {
                    launch();
                } else {
                    Progress.pause(Duration.ofMillis(20));
                }
            }
        } catch (IOException | IllegalStateException e) {
            failure = Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void launch() throws IOException, InterruptedException {
        alerts.add(BenchNode.launch(api, tenant));
    }

    /** Launches no more. */
    void stop() throws InterruptedException {
        over = true;
        thread.join();
        check();
    }

    /** @throws IllegalStateException when a launch failed */
    void check() {
        failure.ifPresent(why -> {
            throw new IllegalStateException("a launch failed after " + alerts.size() + " alerts", why);
        });
    }

    int launched() {
        return alerts.size();
    }

    /** Messages that all alerts so far are to send. */
    long due() {
        return (long) alerts.size() * tenant.recipients();
    }

    ObjectMapper mapper() {
        return api.mapper();
    }

    /** Whether everybody of every alert got exactly one message, or a flagged copy more; into {@code wrong} if not. */
    void judge(ObjectNode result, Postgres postgres, long receipts) throws SQLException {
        List<String> wrong = new CopyOnWriteArrayList<>();
        long flagged = 0;
        long delivered = 0;
        int tenantId = (int) postgres.number("select tenant_id from tenant where slug = '" + tenant.slug() + "'");
        postgres.run("analyze recipient, target, batch, attempt");
        try (Connection connection = postgres.connect()) {
            for (long alert : alerts) {
                Conservation.Account account = Conservation.of(connection, tenantId, alert);
                flagged += account.flagged();
                delivered += account.delivered();
                if (account.recipients() != tenant.recipients()) {
                    wrong.add("alert " + alert + " has " + account.recipients() + " people");
                }
                account.broken().forEach(broken -> wrong.add("alert " + alert + ": " + broken));
            }
        }
        long messages = smsc.counters().messages();
        if (receipts < due()) {
            wrong.add(receipts + " of " + due() + " receipts had come");
        }
        if (messages < due() || messages > due() + flagged) {
            wrong.add(messages + " messages reached the carrier for " + due() + " people, " + flagged + " flagged");
        }
        result.put("delivered", delivered).put("flagged", flagged).put("conserved", wrong.isEmpty());
        if (!wrong.isEmpty()) {
            wrong.forEach(result.putArray("wrong")::add);
        }
    }
}
