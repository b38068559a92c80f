package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.CarrierAccounts.UnresolvedSecretException;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.SealingKeyRing;
import io.tocsin.tenants.api.SealingKeyRing.KeyUse;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.Tenancy.SealedSecret;
import io.tocsin.tenants.internal.sealing.KeyDesk;
import io.tocsin.tenants.internal.sealing.SealedSecrets;
import io.tocsin.tenants.internal.sealing.SealingKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Secrets typed for accounts, with two nodes on one database: each has a key folder of its own. */
class SealedSecretsTest {
    private static final String CLEAR = "Tr0mpette-d’alarme";
    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");
    private static final Actor MAYOR = new Actor("maire@combe", "rest", "192.0.2.7");
    private static TestDatabase db;

    @TempDir
    Path folders;

    private Node north;
    private Node south;
    private int combe;
    private int agency;
    private Principal mayor;

    /** What of a node matters here. */
    private final class Node {
        private final Path keyFolder;
        private final Tenancy tenancy;
        private final AccountBook book;
        private final SealingKeyRing ring;

        Node(String name, Instant now) {
            keyFolder = folders.resolve(name);
            SealingKeys keys = new SealingKeys(keyFolder);
            Journal journal = new ChainedJournal();
            SealedSecrets sealed = new SealedSecrets(journal, keys, Clock.fixed(now, ZoneOffset.UTC));
            tenancy = new TenantRegistry(
                    db.database(),
                    db.model(),
                    journal,
                    new CarrierLogins(Map.of(), n -> null),
                    new AccountSettings(Map.of()),
                    sealed);
            book = new AccountBook(
                    db.database(),
                    db.model(),
                    new Secrets(folders.resolve("secrets"), n -> null),
                    sealed,
                    Map.of(),
                    n -> null);
            ring = new KeyDesk(db.database(), db.model(), journal, keys);
        }

        String opened(CarrierAccount account, String setting) throws UnresolvedSecretException {
            return book.open(account.id()).settings().get(setting);
        }

        int routeVersion(CarrierAccount account) {
            return book.enabled().stream()
                    .filter(route -> route.accountId() == account.id())
                    .findFirst()
                    .orElseThrow()
                    .version();
        }

        List<String> keys() throws IOException {
            if (!Files.isDirectory(keyFolder)) {
                return List.of();
            }
            try (Stream<Path> files = Files.list(keyFolder)) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            }
        }

        void copyKeysTo(Node other) throws IOException {
            Files.createDirectories(other.keyFolder);
            for (String key : keys()) {
                Files.copy(keyFolder.resolve(key), other.keyFolder.resolve(key));
            }
        }
    }

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void twoNodes() {
        db.clear();
        north = new Node("north", NOW);
        south = new Node("south", NOW.plusSeconds(60));
        combe = db.tenant("combe");
        agency = db.database()
                .asEngine(c -> db.model().tenant(c, combe))
                .orElseThrow()
                .agencyId();
        mayor = new Principal("maire@combe", Optional.of(agency), Optional.of(combe), Set.of(Role.TENANT_ADMIN));
    }

    private CarrierAccount account(Map<String, String> settings) {
        return new CarrierAccount(0, agency, Optional.of(combe), "sms", "sms", settings, 10, Optional.empty(), true, 0);
    }

    private static CarrierAccount with(CarrierAccount a, Map<String, String> settings, int rank) {
        return new CarrierAccount(
                a.id(),
                a.agencyId(),
                a.tenantId(),
                a.slug(),
                a.channel(),
                settings,
                rank,
                a.messagesPerSecond(),
                a.enabled(),
                a.version());
    }

    private CarrierAccount typed(String secret) {
        return north.tenancy.save(
                account(Map.of("host", "smsc.example")), Map.of("password", Optional.of(secret)), mayor, MAYOR);
    }

    private static void sql(String statement) {
        db.database().asEngine(c -> c.createStatement().executeUpdate(statement));
    }

    /** Every row of every table, as text. */
    private static String dump() throws Exception {
        StringBuilder dump = new StringBuilder();
        try (Connection c = DriverManager.getConnection(
                db.address().url(), "postgres", Files.readString(db.folder().resolve("superuser-password")))) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = c.createStatement()
                    .executeQuery("select format('%I.%I', schemaname, tablename) from pg_tables"
                            + " where schemaname not in ('pg_catalog', 'information_schema')")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = c.createStatement().executeQuery("select t::text from " + table + " t")) {
                    while (rows.next()) {
                        dump.append(table).append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }

    @Test
    void whatIsTypedOpensTheChannelAndIsNowhereElse() throws Exception {
        CarrierAccount account = typed(CLEAR);

        assertThat(north.opened(account, "password")).isEqualTo(CLEAR);
        assertThat(north.book.open(account.id()).settings()).containsEntry("host", "smsc.example");
        SealedSecret shown = north.tenancy
                .sealedSecrets(List.of(account.id()))
                .get(account.id())
                .get("password");
        assertThat(shown)
                .isEqualTo(new SealedSecret(NOW, "maire@combe", north.keys().get(0)));
        byte[] clear = CLEAR.getBytes(StandardCharsets.UTF_8);
        assertThat(dump())
                .contains("sealed_secret", "account.secret-sealed", "smsc.example")
                .doesNotContain(
                        CLEAR,
                        "Tr0mpette",
                        HexFormat.of().formatHex(clear),
                        Base64.getEncoder().withoutPadding().encodeToString(clear));
        assertThat(north.tenancy.accounts(combe).toString() + shown + account).doesNotContain("Tr0mpette");
    }

    @Test
    void theFirstKeyIsMadeByWhoSealsFirstAndNeverASecondOne() throws Exception {
        assertThat(north.keys()).isEmpty();
        typed(CLEAR);
        String key = north.keys().get(0);
        assertThat(key).startsWith("20261123t050000z-");
        assertThat(Files.getPosixFilePermissions(north.keyFolder.resolve(key)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(north.keyFolder))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));

        CarrierAccount other = with(account(Map.of("host", "other.example")), Map.of("host", "other.example"), 20);
        CarrierAccount named = new CarrierAccount(
                0, agency, Optional.of(combe), "sms-2", "sms", other.settings(), 20, Optional.empty(), true, 0);
        assertThatThrownBy(() -> south.tenancy.save(named, Map.of("password", Optional.of(CLEAR)), mayor, MAYOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("secrets.password: cannot be sealed on this node: key \"" + key + "\" is not on"
                        + " this node: copy the file " + south.keyFolder.resolve(key))
                .message()
                .doesNotContain("Tr0mpette");
        assertThat(south.keys()).isEmpty();
        assertThat(south.tenancy.accounts(combe)).hasSize(1);
    }

    @Test
    void aNodeWithoutTheKeySaysWhichAndOpensOnceItHasIt() throws Exception {
        CarrierAccount account = typed(CLEAR);
        String key = north.keys().get(0);
        int closed = south.routeVersion(account);
        assertThatThrownBy(() -> south.book.open(account.id()))
                .isInstanceOf(UnresolvedSecretException.class)
                .hasMessage("account combe.sms, setting password: is sealed under key \"" + key
                        + "\", which is not on this node: copy the file " + south.keyFolder.resolve(key)
                        + " from a node that has it (mode 0600, the node's own)");
        assertThat(north.opened(account, "password")).isEqualTo(CLEAR);

        north.copyKeysTo(south);
        assertThat(south.opened(account, "password")).isEqualTo(CLEAR);
        assertThat(south.routeVersion(account)).as("opened anew").isNotEqualTo(closed);

        Files.setPosixFilePermissions(south.keyFolder.resolve(key), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> south.book.open(account.id()))
                .hasMessageContaining("may be read by others than the node: chmod 600 ");
        assertThat(south.routeVersion(account)).isEqualTo(closed);
        Files.writeString(south.keyFolder.resolve(key), "not a key\n");
        Files.setPosixFilePermissions(south.keyFolder.resolve(key), PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> south.book.open(account.id())).hasMessageContaining("openssl rand -base64 32");
        Files.writeString(south.keyFolder.resolve(key), Base64.getEncoder().encodeToString(new byte[32]));
        assertThatThrownBy(() -> south.book.open(account.id()))
                .hasMessageContaining("the file of that key holds another")
                .hasMessageContaining("type the secret again");
    }

    /** Whoever can write to the database has the sealed value, and the account's row: neither lets them have it sent elsewhere. */
    @Test
    void whatIsSealedOpensForItsAccountSettingOwnerAndHostOnly() throws Exception {
        CarrierAccount account = typed(CLEAR);
        CarrierAccount other = north.tenancy.save(
                new CarrierAccount(
                        0,
                        agency,
                        Optional.of(combe),
                        "other",
                        "sms",
                        Map.of("host", "smsc.example"),
                        10,
                        Optional.empty(),
                        true,
                        0),
                Map.of("password", Optional.of("another")),
                mayor,
                MAYOR);
        int elsewhere = db.tenant("elsewhere");
        String id = " where account_id = " + account.id();
        for (List<String> theft : List.of(
                List.of("update carrier_account set settings = '{\"host\":\"thief.example\"}'" + id, "password"),
                List.of("update carrier_account set channel = 'mail'" + id, "password"),
                List.of("update carrier_account set settings = settings || '{\"tls\":\"false\"}'" + id, "password"),
                List.of("update carrier_account set tenant_id = " + elsewhere + id, "password"),
                List.of("update sealed_secret set setting = 'system-id'" + id, "system-id"),
                List.of("update sealed_secret set nonce = '\\x000000000000000000000000'" + id, "password"))) {
            Map<String, String> before = rowsOf(account);
            sql(theft.get(0));
            assertThatThrownBy(() -> north.book.open(account.id()))
                    .as(theft.get(0))
                    .isInstanceOf(UnresolvedSecretException.class)
                    .hasMessageContaining("setting " + theft.get(1) + ": does not open under key")
                    .message()
                    .doesNotContain("Tr0mpette");
            restore(account, before);
            assertThat(north.opened(account, "password")).isEqualTo(CLEAR);
        }
        sql("update sealed_secret o set nonce = s.nonce, sealed = s.sealed from sealed_secret s where s.account_id = "
                + account.id() + " and o.account_id = " + other.id());
        assertThatThrownBy(() -> north.book.open(other.id())).hasMessageContaining("does not open under key");
    }

    private static Map<String, String> rowsOf(CarrierAccount account) {
        return db.database().asEngine(c -> {
            ResultSet row = c.createStatement()
                    .executeQuery("select a.tenant_id, a.channel, a.settings, s.setting, s.nonce from carrier_account a"
                            + " join sealed_secret s using (account_id) where a.account_id = " + account.id());
            row.next();
            Map<String, String> found = new HashMap<>();
            for (String column : List.of("tenant_id", "channel", "settings", "setting", "nonce")) {
                found.put(column, row.getString(column));
            }
            return found;
        });
    }

    private static void restore(CarrierAccount account, Map<String, String> row) {
        sql("update carrier_account set tenant_id = %s, channel = '%s', settings = '%s' where account_id = %d"
                .formatted(row.get("tenant_id"), row.get("channel"), row.get("settings"), account.id()));
        sql("update sealed_secret set setting = '%s', nonce = '%s' where account_id = %d"
                .formatted(row.get("setting"), row.get("nonce"), account.id()));
    }

    @Test
    void aChangeOfSettingsAsksForTheSecretAgain() throws Exception {
        CarrierAccount account = typed(CLEAR);
        Map<String, String> elsewhere = Map.of("host", "thief.example");
        assertThatThrownBy(() -> north.tenancy.save(with(account, elsewhere, 10), mayor, MAYOR))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.field()).isEqualTo("secrets.password");
                            assertThat(problem.problem()).contains("type it again, or forget it");
                        }));
        assertThat(north.opened(account, "password")).isEqualTo(CLEAR);

        CarrierAccount ranked = north.tenancy.save(with(account, account.settings(), 20), mayor, MAYOR);
        assertThat(north.opened(ranked, "password")).isEqualTo(CLEAR);

        CarrierAccount moved = north.tenancy.save(
                with(ranked, elsewhere, 20), Map.of("password", Optional.of("of the new host")), mayor, MAYOR);
        assertThat(north.opened(moved, "password")).isEqualTo("of the new host");

        CarrierAccount without = north.tenancy.save(
                with(moved, account.settings(), 20), Map.of("password", Optional.empty()), mayor, MAYOR);
        assertThat(north.book.open(without.id()).settings()).containsOnlyKeys("host");
    }

    /** The folder of a tenant, and a node of the release before, know nothing of what is typed. */
    @Test
    void aChangeThatAsksNobodyForgets() {
        CarrierAccount account = typed(CLEAR);
        Registry registry = new Registry(db.model(), new ChainedJournal());
        db.database()
                .asEngine(c -> registry.save(
                        c,
                        with(account, Map.of("host", "smsc.example", "password", "secret:combe-sms"), 10),
                        new Actor("combe", "files", "")));
        assertThat(north.tenancy.sealedSecrets(List.of(account.id()))).isEmpty();
        assertThat(journaled()).containsSubsequence("account.secret-sealed", "account.secret-forgotten");
    }

    @Test
    void oneThatIsReplacedOpensTheChannelAnewAndWhatIsNamedGoes() throws Exception {
        CarrierAccount named =
                north.tenancy.save(account(Map.of("host", "h", "password", "secret:combe-sms")), mayor, MAYOR);
        CarrierAccount account = north.tenancy.sealSecret(named.id(), named.version(), "password", CLEAR, mayor, MAYOR);
        assertThat(account.settings()).containsOnlyKeys("host");
        int version = north.routeVersion(account);

        CarrierAccount replaced =
                north.tenancy.sealSecret(account.id(), account.version(), "password", "the next one", mayor, MAYOR);
        assertThat(north.opened(replaced, "password")).isEqualTo("the next one");
        assertThat(north.routeVersion(replaced)).isNotEqualTo(version);
        assertThatThrownBy(() ->
                        north.tenancy.sealSecret(account.id(), account.version(), "password", "too late", mayor, MAYOR))
                .isInstanceOf(StaleRecordException.class);
        assertThat(north.opened(replaced, "password")).isEqualTo("the next one");

        CarrierAccount without = north.tenancy.forgetSecret(replaced.id(), replaced.version(), "password", MAYOR);
        assertThat(north.book.open(without.id()).settings()).containsOnlyKeys("host");
        assertThatThrownBy(() -> north.tenancy.forgetSecret(without.id(), without.version(), "password", MAYOR))
                .isInstanceOf(NoSuchElementException.class);
        assertThat(journaled())
                .containsSubsequence(
                        "account.created",
                        "account.changed",
                        "account.secret-sealed",
                        "account.secret-sealed",
                        "account.secret-forgotten");
    }

    private static List<String> journaled() {
        return db.database().asEngine(c -> {
            List<String> actions = new ArrayList<>();
            ResultSet rows = c.createStatement().executeQuery("select action from journal order by seq");
            while (rows.next()) {
                actions.add(rows.getString(1));
            }
            return actions;
        });
    }

    @Test
    void sealingAnewLeavesAccountsOpenAndTheOldKeyToBeRemoved() throws Exception {
        CarrierAccount account = typed(CLEAR);
        String old = north.keys().get(0);
        Files.writeString(
                north.keyFolder.resolve("20270101t000000z-new"),
                Base64.getEncoder()
                        .encodeToString("an entirely different key, yes.!".getBytes(StandardCharsets.UTF_8)));
        Files.setPosixFilePermissions(
                north.keyFolder.resolve("20270101t000000z-new"), PosixFilePermissions.fromString("rw-------"));
        assertThat(north.ring.keys())
                .containsExactly(
                        new KeyUse(old, false, 1, Optional.empty()),
                        new KeyUse("20270101t000000z-new", true, 0, Optional.empty()));
        int version = north.routeVersion(account);

        assertThat(north.ring.reseal(MAYOR))
                .isEqualTo(new SealingKeyRing.Resealed("20270101t000000z-new", 1, List.of()));
        assertThat(north.ring.reseal(MAYOR).done()).isZero();
        assertThat(north.routeVersion(account)).as("stays open").isEqualTo(version);
        assertThat(north.tenancy
                        .sealedSecrets(List.of(account.id()))
                        .get(account.id())
                        .get("password"))
                .isEqualTo(new SealedSecret(NOW, "maire@combe", "20270101t000000z-new"));
        Files.delete(north.keyFolder.resolve(old));
        assertThat(north.opened(account, "password")).isEqualTo(CLEAR);
        assertThat(journaled()).containsOnlyOnce("secrets.sealed-anew");
    }

    @Test
    void whatCannotBeOpenedIsNamedAndLeftAsItIs() throws Exception {
        CarrierAccount account = typed(CLEAR);
        String old = north.keys().get(0);
        Files.createDirectories(south.keyFolder);
        Path mine = Files.writeString(
                south.keyFolder.resolve("99999999-of-south"),
                Base64.getEncoder().encodeToString(new byte[32]));
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-------"));
        assertThat(south.ring.keys()).first().satisfies(key -> {
            assertThat(key.keyId()).isEqualTo(old);
            assertThat(key.secrets()).isEqualTo(1);
            assertThat(key.problem().orElseThrow()).contains("is not on this node");
        });
        SealingKeyRing.Resealed resealed = south.ring.reseal(MAYOR);
        assertThat(resealed.done()).isZero();
        assertThat(resealed.left()).singleElement().asString().contains("setting password", old, "copy the file");
        assertThat(north.opened(account, "password")).isEqualTo(CLEAR);
    }

    static Stream<List<String>> refused() {
        return Stream.of(
                List.of("", "is empty"),
                List.of("x".repeat(1025), "has 1025 characters; 1024 at most"),
                List.of("two\nlines", "on one line"),
                List.of("a\u0000b", "control characters"),
                List.of("\ud83d", "half a character"),
                List.of("secret:combe-sms", "write it in settings"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatCannotBeKeptIsRefusedAndNotRepeated(List<String> typedAndWhy) {
        assertThatThrownBy(() -> typed(typedAndWhy.get(0)))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.field()).isEqualTo("secrets.password");
                            assertThat(problem.problem()).contains(typedAndWhy.get(1));
                        }));
        assertThat(north.tenancy.accounts(combe)).isEmpty();
    }

    @Test
    void theLongestIsKept() throws Exception {
        assertThat(north.opened(typed("é".repeat(1024)), "password")).hasSize(1024);
    }

    @Test
    void whatIsSealedGoesWithItsAccount() {
        CarrierAccount account = typed(CLEAR);
        db.database().asEngine(c -> {
            db.model().deleteAccount(c, account.id());
            return null;
        });
        assertThat(north.tenancy.sealedSecrets(List.of(account.id()))).isEmpty();
        assertThat(north.ring.keys()).singleElement().satisfies(key -> assertThat(key.secrets())
                .isZero());
    }
}
