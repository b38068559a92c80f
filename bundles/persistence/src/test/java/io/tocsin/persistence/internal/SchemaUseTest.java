package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.persistence.api.SchemaState;
import io.tocsin.persistence.internal.Migrations.Places;
import io.tocsin.persistence.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three releases on one schema: one with an old column, one that no longer uses it, and one that takes it away. */
class SchemaUseTest {
    private static final String OURS = "classpath:db/migration";

    @TempDir
    private Path expand;

    @TempDir
    private Path after;

    @TempDir
    private Path contract;

    private TestDatabase db;

    @BeforeEach
    void start() throws Exception {
        db = TestDatabase.start();
        execute("delete from schema_use");
        execute("alter table alert add column was text");
        Files.writeString(expand.resolve("V9001__expand.sql"), "alter table alert add column becomes text;");
        Files.writeString(after.resolve("V9003__after.sql"), "alter table alert add column more text;");
        Files.writeString(contract.resolve("V9002__unused_since_V9001_was.sql"), "alter table alert drop column was;");
    }

    @AfterEach
    void stop() {
        db.close();
    }

    private SchemaState first(String node) {
        return new Schema(db.address()).bringUpToDate(node);
    }

    private SchemaState second(String node) {
        return schema(List.of(OURS, "filesystem:" + expand), List.of()).bringUpToDate(node);
    }

    private SchemaState third(String node) {
        return schema(List.of(OURS, "filesystem:" + expand, "filesystem:" + after), List.of("filesystem:" + contract))
                .bringUpToDate(node);
    }

    private Schema schema(List<String> adding, List<String> contracting) {
        return new Schema(db.address(), Fence.none(), new Places(adding, contracting));
    }

    @Test
    void whatTheReleaseBeforeDoesNotUseIsTakenAwayBesideIt() throws Exception {
        second("north");
        second("south");

        assertThat(third("north").held()).isEmpty();

        assertThat(columns()).containsExactly("becomes", "more");
    }

    @Test
    void whatANodeMayUseStaysUntilItIsUpgradedAndTheNodeThatComesGoesOn() throws Exception {
        first("south");
        SchemaState north = third("north");

        assertThat(north.knows()).isEqualTo(9003);
        assertThat(north.held().orElse(""))
                .contains("V9002 held back")
                .contains("south (knows V")
                .contains("unused since V9001");
        assertThat(columns()).as("the rest of its release is there").containsExactly("becomes", "more", "was");

        assertThat(third("south").held()).as("the last one that used it").isEmpty();
        assertThat(columns()).containsExactly("becomes", "more");
    }

    @Test
    void aNodeThatUsesWhatIsGoneIsNotLetIn() {
        second("south");
        third("north");

        assertThatThrownBy(() -> first("south"))
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining("up to step V9001")
                .hasMessageContaining("start the later release");
        assertThat(second("south").held()).as("the release before still may").isEmpty();
    }

    @Test
    void aNodeThatFellSilentOrLeftIsInNobodysWay() throws Exception {
        first("silent");
        execute("update schema_use set seen = now() - interval '" + (SchemaUse.SILENCE.toSeconds() + 1) + " seconds'");
        SchemaState left = first("left");
        new SchemaUse(db.database(), "left", left.knows()).close();

        assertThat(third("north").held()).isEmpty();
    }

    /** It stood still for so long that nobody waited for it. */
    @Test
    void aNodeThatTheSchemaLeftBehindNoticesAtItsNextTurn() throws Exception {
        try (SchemaUse use =
                new SchemaUse(db.database(), "south", first("south").knows())) {
            execute("insert into schema_floor (knows) values (9001)");

            Awaitility.await("it notices").until(() -> use.outgrown().isDone());
        }
    }

    private List<String> columns() throws SQLException {
        try (Connection connection = db.ownerDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            var row = statement.executeQuery(
                    """
                    select string_agg(column_name, ' ' order by column_name) from information_schema.columns
                    where table_name = 'alert' and column_name in ('was', 'becomes', 'more')
                    """);
            row.next();
            return List.of(row.getString(1).split(" "));
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = db.ownerDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
