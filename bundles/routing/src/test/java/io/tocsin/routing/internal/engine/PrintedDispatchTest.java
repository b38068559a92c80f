package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.documents.KeptDocuments;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel that prints is handed the document as a file of its node, or nothing at all. */
class PrintedDispatchTest {
    private static final byte[] PLAN = "%PDF-1.7 plan".getBytes(StandardCharsets.US_ASCII);
    private static TestDatabase db;

    @TempDir
    Path folder;

    private final ScriptedCarrier machines = new ScriptedCarrier(20).delivers();
    private Rig rig;
    private int tenant;
    private String sha256;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void setUp() throws Exception {
        db.clear();
        tenant = db.tenant("commune");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(PLAN);
        sha256 = HexFormat.of().formatHex(digest);
        db.database().asEngine(connection -> {
            try (var statement = connection.createStatement();
                    var insert = connection.prepareStatement(
                            "insert into document_content (tenant_id, sha256, pdf, pages) values (?, ?, ?, 1)")) {
                statement.execute("insert into channel_endpoint_kind values ('fax', 'mobile')");
                insert.setInt(1, tenant);
                insert.setBytes(2, digest);
                insert.setBytes(3, PLAN);
                return insert.executeUpdate();
            }
        });
        rig = new Rig(db.database()).account(1, "fax", 1, null, tenant);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private Engine node(String name, Path kept) {
        rig.documents = KeptDocuments.in(kept, db.database());
        return rig.engine(name, Map.of("fax", machines));
    }

    private long launch(String text) {
        return rig.alert()
                .recipients(6)
                .text(text)
                .step("fax", Duration.ofHours(2), 1, Until.DELIVERED)
                .launch(tenant);
    }

    @Test
    void everybodyIsSentTheSameFileAfterTheirOwnWords() {
        node("node", folder);
        long alert = launch("{{document.plan." + sha256 + "}} Pour {{name}}");

        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 6);
        assertThat(machines.sent())
                .hasSize(6)
                .allSatisfy(fax -> assertThat(fax.document().orElseThrow()).hasBinaryContent(PLAN));
        assertThat(machines.sent())
                .extracting(OutboundMessage::text)
                .contains("Pour Personne 1")
                .doesNotHaveDuplicates();
    }

    @Test
    void aNodeWithoutRoomLeavesItToAnother() throws IOException {
        Engine full = node("full", Files.createFile(folder.resolve("no-folder")));
        long alert = launch("{{document.plan." + sha256 + "}}");
        await().atMost(Rig.LIMIT).until(() -> attempts("document-not-kept") > 0);
        assertThat(machines.sent()).isEmpty();

        node("roomy", folder.resolve("documents"));
        await().atMost(Rig.LIMIT).until(() -> {
            rig.clock.plus(Duration.ofSeconds(1));
            return rig.totals(tenant, alert).delivered() == 6;
        });
        assertThat(machines.sent()).as("nobody twice").hasSize(6);
        assertThat(full.lanes().status())
                .as("who has no room leaves it")
                .singleElement()
                .satisfies(account -> assertThat(account.health().detail()).contains("documents cannot be kept"));
    }

    @Test
    void aDocumentThatIsGoneIsPrintedNowhere() {
        node("node", folder);
        long alert = launch("{{document.plan." + "0".repeat(64) + "}}");
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).failed() == 6);
        assertThat(machines.sent()).isEmpty();
        assertThat(attempts("not-rendered")).isEqualTo(6);
    }

    private long attempts(String code) {
        return db.database().asEngine(connection -> {
            try (var query = connection.prepareStatement("select count(*) from attempt where code = ?")) {
                query.setString(1, code);
                try (var row = query.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }
}
