package io.tocsin.persistence.internal;

import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * The steps of the schema that this release knows: those that add, and those that take something away ({@code db/contract}), which have to
 * wait for nodes of older releases. One that was held back is run later, also after steps with higher numbers.
 */
final class Migrations {
    /** Where a release keeps its steps. */
    record Places(List<String> adding, List<String> contracting) {
        static final Places OURS = ours();

        /** Most releases take nothing away, and have no such folder. */
        private static Places ours() {
            URL contracts = Schema.class.getClassLoader().getResource("db/contract/");
            return new Places(
                    List.of("classpath:db/migration"),
                    contracts == null ? List.of() : List.of("classpath:db/contract"));
        }

        List<String> all() {
            List<String> all = new ArrayList<>(adding);
            all.addAll(contracting);
            return all;
        }
    }

    /** How a step that takes something away is called: {@code V41__unused_since_V39_old_letters.sql}. */
    static final Pattern CONTRACT = Pattern.compile("unused since V([0-9]+) .+");

    /**
     * How long a step waits for whoever holds a table: other nodes work meanwhile, and whatever comes to that table after a step that waits
     * waits behind it. Then the step is rolled back, and tried again with the next start of the database's services.
     */
    private static final String LOCK_PATIENCE = "set lock_timeout = '3s'";

    private final DataSource asOwner;
    private final Places places;

    Migrations(DataSource asOwner, Places places) {
        this.asOwner = asOwner;
        this.places = places;
    }

    /**
     * What this release knows of the schema.
     *
     * @param upTo the highest of its steps
     * @param contracts steps that take something away and were not run yet, by version
     */
    record Known(int upTo, List<MigrationInfo> contracts) {}

    Known known() {
        MigrationInfo[] steps = flyway(places.all()).info().all();
        return new Known(
                Arrays.stream(steps)
                        .filter(step -> step.getState().isResolved())
                        .mapToInt(step -> step.getVersion().getMajor().intValueExact())
                        .max()
                        .orElse(0),
                Arrays.stream(steps)
                        .filter(step -> !step.getState().isApplied()
                                && CONTRACT.matcher(step.getDescription()).matches())
                        .toList());
    }

    /** Since which step nothing uses what such a step takes away. */
    static int since(MigrationInfo contract) {
        Matcher said = CONTRACT.matcher(contract.getDescription());
        if (!said.matches()) {
            throw new IllegalArgumentException(contract.getScript() + " does not say since when nothing uses it");
        }
        return Integer.parseInt(said.group(1));
    }

    MigrateResult run(boolean contracting) {
        return flyway(contracting ? places.all() : places.adding()).migrate();
    }

    private Flyway flyway(List<String> locations) {
        // What is left out while an older node lives may have been run by another node, or in an earlier release.
        String[] others =
                locations.equals(places.all()) ? new String[] {"*:future"} : new String[] {"*:future", "*:missing"};
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(asOwner)
                .loggers("slf4j")
                .locations(locations.toArray(String[]::new))
                .ignoreMigrationPatterns(others)
                .outOfOrder(true)
                .initSql(LOCK_PATIENCE)
                .load();
    }
}
