package io.tocsin.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.persistence.testing.Conservation;
import java.util.Set;

/**
 * From the launch request to its answer: the audience resolved and frozen, wave 1 and its batches ready to be leased,
 * committed; targets are written by those who lease. The control is a raw COPY of the same rows into a table with the same
 * indexes, in the same run.
 */
public final class IngestBench {
    private IngestBench() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("recipients", "json"));
        int recipients = options.number("recipients", 1_000_000);
        // The carrier throttles nearly everything, so that dispatch does not compete with what is measured.
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", "bench-sm")
                .maxPerSecond(1)
                .recordMessages(false)
                .build();
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier);
                RunningNode node = BenchNode.start(smsc.port(), "bench-sm", recipients, 1, 1, 10)) {
            BenchTenant tenant = BenchTenant.only(recipients);
            Postgres postgres = BenchNode.populate(node, tenant);
            Api api = BenchNode.signIn(node, tenant);
            long from = System.nanoTime();
            long alert = BenchNode.launch(api, tenant);
            double seconds = (System.nanoTime() - from) / 1e9;
            // What follows looks at everybody, and the rows are younger than any statistics.
            postgres.run("analyze recipient, target, batch, attempt");
            long frozen = postgres.number("select count(*) from recipient");
            long ready = postgres.number("select sum(end_position - first_position) from batch where wave_no = 1");
            Conservation.Account account = postgres.account(tenant.slug(), alert);
            if (!account.holds() || frozen != recipients || ready != recipients) {
                System.err.println("tocsin: the run does not count: " + frozen + " people frozen and " + ready
                        + " ready of " + recipients + "; " + account.broken());
                throw new IllegalStateException("the audience is not whole");
            }
            double control = postgres.secondsToCopy("recipient", "true");
            ObjectNode result = api.mapper()
                    .createObjectNode()
                    .put("bench", "ingest")
                    .put("recipients", frozen)
                    .put("ready", ready)
                    .put("conserved", true)
                    .put("seconds", Math.round(seconds * 1000) / 1000.0)
                    .put("rowsPerSecond", Math.round(frozen / seconds));
            result.putObject("control")
                    .put("name", "raw COPY of recipients into the same indexes")
                    .put("rate", Math.round(frozen / control));
            result.put("shareOfControl", Math.round(1000 * control / seconds) / 1000.0);
            System.out.println(api.mapper().writeValueAsString(result));
        }
    }
}
