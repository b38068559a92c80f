package io.tocsin.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Evidence;
import io.tocsin.audit.api.Evidence.Variant;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.verify.VerifyRun;
import io.tocsin.persistence.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipFile;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidencePackagesTest {
    private static final Actor DPO = new Actor("dpo", "rest", "");
    private static TestDatabase db;

    @TempDir
    Path folder;

    private Journal journal;
    private EvidencePackages evidence;
    private int tenant;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void oneTenant() {
        db.clear();
        tenant = db.tenant("commune");
        journal = new ChainedJournal();
        evidence = packages("keys");
    }

    @Test
    void makesAPackageThatVerifiesAndOpensAnywhere() throws IOException {
        long alert = launched(30, false);
        Path file = made(alert, Variant.FULL);

        VerifyRun run = VerifyRun.of("--json", file.toString());
        assertThat(run.err()).startsWith("INTACT: 106 records");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("{\"firstBad\":null,\"intact\":true,").contains("\"records\":106");

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(Object::toString))
                    .containsExactly(
                            "manifest.json",
                            "report.pdf",
                            "alert.json",
                            "recipients.csv",
                            "results.csv",
                            "attempts.csv",
                            "answers.csv",
                            "journal.json",
                            "signature.json");
        }
        List<String> recipients = lines(file, "recipients.csv");
        assertThat(recipients.get(0)).isEqualTo("\uFEFFdestinataire;contact;nom;langue;adresses;variables;empreinte");
        assertThat(recipients.get(1)).startsWith("1;1001;Zoé Personne1;fr;mobile=tel:+33639980001;");
        assertThat(recipients.get(2)).as("a formula is text").contains("\"'=HYPERLINK(\"\"x\"\");Œuvre\"");
        assertThat(lines(file, "results.csv").get(1)).startsWith("1;answered;1;non;");
        assertThat(lines(file, "attempts.csv")).hasSize(46);
        assertThat(text(file, "journal.json")).contains("alert.launched");
        assertThat(Files.list(folder.resolve("work")))
                .as("nothing is left behind")
                .isEmpty();
    }

    @Test
    void whatWasPublishedIsToldApartFromWhoWasReached() throws IOException {
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute("insert into channel_publishes values ('sms')");
            }
        });
        Path file = made(launched(30, false), Variant.FULL);

        assertThat(text(file, "alert.json")).contains("\"published\":30");
        assertThat(report(file)).contains("30 lieu(x) où l’alerte a été publiée");
        assertThat(VerifyRun.of(file.toString()).exitCode()).isZero();
    }

    @Test
    void namesThePartAndTheRecordThatWasTouched() throws IOException {
        Path file = made(launched(3_000, false), Variant.FULL);

        Path edited =
                Repack.edit(file, "recipients.csv", text -> text.replace("Zoé Personne1234;", "Zoé Personne9999;"));
        assertThat(VerifyRun.of("--json", edited.toString()).out())
                .contains("\"firstBad\":\"recipients.csv record 1234\"");

        Path dropped = Repack.edit(file, "attempts.csv", text -> text.replaceFirst("\r\n1;41;[^\r]*", ""));
        assertThat(VerifyRun.of("--json", dropped.toString()).out())
                .contains("\"firstBad\":\"attempts.csv record 42\"");

        Path swapped = Repack.edit(file, "results.csv", text -> {
            String[] lines = text.split("\r\n");
            String kept = lines[10];
            lines[10] = lines[11];
            lines[11] = kept;
            return String.join("\r\n", lines) + "\r\n";
        });
        assertThat(VerifyRun.of("--json", swapped.toString()).out()).contains("\"firstBad\":\"results.csv record 10\"");

        Path remade = Repack.edit(
                file,
                "recipients.csv",
                text -> Repack.remakeChecks(text.replace("Zoé Personne2500;", "Zoé Personne9999;")));
        assertThat(VerifyRun.of("--json", remade.toString()).out())
                .as("check columns made again: the signed blocks still tell")
                .contains("\"firstBad\":\"recipients.csv record 2049\"");

        Path journalEdited = Repack.edit(file, "journal.json", text -> text.replace("\"maire\"", "\"autre\""));
        assertThat(VerifyRun.of("--json", journalEdited.toString()).out())
                .contains("\"firstBad\":\"journal.json record 1\"");

        Path head = Repack.edit(file, "recipients.csv", text -> text.replace(";contact;", ";CONTACT;"));
        assertThat(VerifyRun.of("--json", head.toString()).out()).contains("\"firstBad\":\"recipients.csv record 0\"");

        Path manifest = Repack.edit(file, "manifest.json", text -> text.replace("\"dpo\"", "\"moi\""));
        assertThat(VerifyRun.of("--json", manifest.toString()).out()).contains("\"firstBad\":\"manifest.json\"");
    }

    @Test
    void seesAnyTouchedByte() throws IOException {
        byte[] whole = Files.readAllBytes(made(launched(20, true), Variant.FULL));
        Path touched = folder.resolve("touched.zip");
        Random random = new Random(20_261_121);
        // every byte around and in the first and the last entries, where the structure is dense; elsewhere a sample
        for (int at = 0; at < whole.length; at += at < 300 || at > whole.length - 400 ? 1 : 1 + random.nextInt(120)) {
            byte[] copy = whole.clone();
            copy[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(touched, copy);
            assertThat(VerifyRun.of(touched.toString()).exitCode())
                    .as("byte %d of %d", at, whole.length)
                    .isEqualTo(1);
        }
    }

    @Test
    void seesWhatIsTooMuchOrTooLittle() throws IOException {
        Path file = made(launched(5, false), Variant.FULL);
        byte[] whole = Files.readAllBytes(file);
        Path changed = folder.resolve("changed.zip");

        Files.write(changed, Arrays.copyOf(whole, whole.length + 1));
        assertThat(VerifyRun.of(changed.toString()).exitCode())
                .as("a byte more")
                .isEqualTo(1);
        Files.write(changed, Arrays.copyOf(whole, whole.length - 1));
        assertThat(VerifyRun.of(changed.toString()).exitCode())
                .as("a byte less")
                .isEqualTo(1);
        Files.write(changed, Arrays.copyOf(whole, whole.length / 2));
        assertThat(VerifyRun.of(changed.toString()).exitCode()).as("cut").isEqualTo(1);
        assertThat(VerifyRun.of(Repack.without(file, "answers.csv").toString()).exitCode())
                .as("a part taken away")
                .isEqualTo(1);
        assertThat(VerifyRun.of(Repack.with(file, "note.txt", "hello").toString())
                        .exitCode())
                .as("a part added")
                .isEqualTo(1);
        assertThat(VerifyRun.of(Repack.with(file, "recipients.csv", "x").toString())
                        .exitCode())
                .as("a part twice")
                .isEqualTo(1);

        Files.writeString(changed, "PK\u0003\u0004 something else");
        assertThat(VerifyRun.of(changed.toString()).exitCode()).isEqualTo(2);
        Files.write(changed, new byte[0]);
        assertThat(VerifyRun.of(changed.toString()).exitCode()).isEqualTo(2);
        assertThat(VerifyRun.of(folder.resolve("none.zip").toString()).exitCode())
                .isEqualTo(2);
        assertThat(VerifyRun.of().exitCode()).isEqualTo(2);
    }

    @Test
    void tellsWhoseKeySigned() throws IOException {
        long alert = launched(5, false);
        Path ours = made(alert, Variant.FULL);
        Path publicKey = folder.resolve("keys").resolve("evidence-public.pem");
        evidence = packages("keys of another");
        Path forged = made(alert, Variant.FULL);

        assertThat(VerifyRun.of("--key", publicKey.toString(), ours.toString()).exitCode())
                .isZero();
        assertThat(VerifyRun.of(forged.toString()).exitCode()).isZero();
        VerifyRun run = VerifyRun.of("--json", "--key", publicKey.toString(), forged.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("\"firstBad\":\"signature.json\"");
        assertThat(Files.getPosixFilePermissions(folder.resolve("keys").resolve("evidence-key.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void showsNobodyWhenMasked() throws IOException {
        Path file = made(launched(30, false), Variant.MASKED);

        VerifyRun run = VerifyRun.of("--json", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\"intact\":true").contains("\"variant\":\"masked\"");
        assertThat(run.err()).startsWith("INTACT: 106 records without names and addresses, signed by key ");
        for (String part :
                List.of("recipients.csv", "results.csv", "attempts.csv", "answers.csv", "alert.json", "journal.json")) {
            // digests and times may hold any digits by chance: what is looked for is a number as it is written
            assertThat(text(file, part))
                    .as(part)
                    .doesNotContain("Personne", "+3363998")
                    .doesNotContainPattern("(tel:|\\+)[^;,\"}]*[0-9]{3}")
                    .doesNotContainPattern("(?<![0-9a-f.])1001(?![0-9a-f])");
        }
        assertThat(lines(file, "recipients.csv").get(1)).startsWith("1;;;fr;mobile=tel:…01;;");
    }

    @Test
    void reportsForPeople() throws IOException {
        Path file = made(launched(1_200, true), Variant.FULL);
        try (ZipFile zip = new ZipFile(file.toFile());
                PDDocument pdf = Loader.loadPDF(
                        zip.getInputStream(zip.getEntry("report.pdf")).readAllBytes())) {
            String words = new PDFTextStripper().getText(pdf).replace('\u00A0', ' ');
            assertThat(words)
                    .contains("EXERCICE — CECI N’ÉTAIT PAS UNE ALERTE RÉELLE")
                    .contains("Inondation — évacuation du quartier bas")
                    .contains("1 200")
                    .contains("En sécurité")
                    .contains("Lancement")
                    .doesNotContain("Personne");
            assertThat(pdf.getNumberOfPages()).isBetween(1, 3);
        }
    }

    @Test
    void speaksTheLanguageOfTheTenantOrEnglish() throws IOException {
        long alert = launched(30, true);
        String french = text(made(alert, Variant.FULL), "recipients.csv");
        for (String language : List.of("en", "en-GB", "de", "ar")) {
            tenantSpeaks(language);
            Path file = made(alert, Variant.FULL);
            assertThat(VerifyRun.of(file.toString()).exitCode()).isZero();
            assertThat(lines(file, "recipients.csv").get(0))
                    .as(language)
                    .isEqualTo("\uFEFFrecipient;contact;name;language;addresses;variables;check");
            assertThat(lines(file, "results.csv").get(0))
                    .isEqualTo("\uFEFFrecipient;state;answer;possible_duplicate;check");
            assertThat(lines(file, "results.csv").get(1)).startsWith("1;answered;1;no;");
            assertThat(lines(file, "attempts.csv").get(0))
                    .isEqualTo("\uFEFFwave;position;recipient;channel;address;segment;segments;observation;code;"
                            + "carrier_id;at;node;check");
            assertThat(lines(file, "answers.csv").get(0)).isEqualTo("\uFEFFrecipient;choice;channel;source;at;check");
            assertThat(report(file))
                    .contains("EXERCISE — THIS WAS NOT A REAL ALERT")
                    .contains("Where people stand", "not reached", "Launch", "page 1 / ")
                    .doesNotContain("Bilan", "Lancement", "alerte ");
        }
        tenantSpeaks("fr-BE");
        assertThat(text(made(alert, Variant.FULL), "recipients.csv"))
                .as("records are the same, and in French again")
                .isEqualTo(french);
    }

    @Test
    void everyLanguageHasTheSameWords() throws IOException {
        assertThat(names("fr")).isEqualTo(names("en")).hasSizeGreaterThan(80);
    }

    private static java.util.Set<String> names(String language) throws IOException {
        java.util.Properties words = new java.util.Properties();
        try (var file = Words.class.getResourceAsStream("words-" + language + ".properties")) {
            words.load(file);
        }
        return new java.util.TreeSet<>(words.stringPropertyNames());
    }

    private void tenantSpeaks(String language) {
        db.database().asEngine(c -> {
            try (var update = c.prepareStatement("update tenant set language = ? where tenant_id = ?")) {
                update.setString(1, language);
                update.setInt(2, tenant);
                return update.executeUpdate();
            }
        });
    }

    @Test
    void saysPlainlyWhatIsNoLongerKept() throws IOException {
        long alert = launched(30, false);
        Path before = made(alert, Variant.FULL);
        assertThat(text(before, "alert.json")).contains("\"attemptsDroppedBefore\":null");
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                statement.execute(
                        "insert into tally select tenant_id, alert_id, wave_no, node, kind, count(*) from attempt"
                                + " group by tenant_id, alert_id, wave_no, node, kind");
                // as if today were the day after tomorrow of the retention
                return statement.execute("select attempt_partitions(0, -2)");
            }
        });

        Path after = made(alert, Variant.FULL);
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute("select attempt_partitions(3, 36500)");
            }
        });
        assertThat(VerifyRun.of(after.toString()).exitCode()).isZero();
        assertThat(lines(after, "attempts.csv")).as("its head only").hasSize(1);
        for (String part : List.of("recipients.csv", "results.csv", "answers.csv")) {
            assertThat(text(after, part)).isEqualTo(text(before, part));
        }
        assertThat(text(after, "alert.json"))
                .contains("\"attemptsDroppedBefore\":\"20", "\"accepted\":30", "\"delivered\":15");
        assertThat(text(after, "manifest.json")).contains("\"attemptsDroppedBefore\":\"20");
        assertThat(report(after)).contains("ne sont plus conservées");
        assertThat(report(before)).doesNotContain("ne sont plus conservées");
    }

    private static String report(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                PDDocument pdf = Loader.loadPDF(
                        zip.getInputStream(zip.getEntry("report.pdf")).readAllBytes())) {
            return new PDFTextStripper().getText(pdf).replace('\u00A0', ' ');
        }
    }

    @Test
    void whoIsTriedAgainAThousandTimesIsOneLineOfTheReport() throws IOException {
        long alert = launched(1_000, false);
        SampleAlert.triedAgain(db, tenant, alert, 1_000);
        Path file = made(alert, Variant.MASKED);
        assertThat(VerifyRun.of(file.toString()).exitCode()).isZero();
        String report = report(file);
        assertThat(report.split("\n"))
                .filteredOn(line -> line.contains("nouvel essai"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("2 nouvel essai sms")
                .endsWith("1 000 0 0 1 000");
        assertThat(report).contains("étape 1, essais 2 à 3 : 500 personne(s) en 1 000 fois, la dernière le ");
        assertThat(report).contains("tiennent sur une ligne");
        assertThat(pages(file)).isLessThanOrEqualTo(3);
        assertThat(text(file, "alert.json"))
                .as("each wave that attempts.csv names")
                .contains("\"wave\":1001");
        assertThat(lines(file, "attempts.csv")).hasSize(2_501);

        assertThat(report(made(launched(10, false), Variant.FULL)))
                .as("nobody is tried again")
                .doesNotContain("nouvel essai", "tiennent sur une ligne");
    }

    @Test
    void countsMessagesAndSaysWhatOfThemArePartsForWhoPaysByThePart() throws IOException {
        long alert = launched(17, false);
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        "insert into attempt (tenant_id, alert_id, wave_no, position, segment, segments, kind,"
                                + " code, carrier_id, at, node) select tenant_id, alert_id, wave_no, position, 1, 2, kind, code,"
                                + " carrier_id, at, node from attempt where alert_id = " + alert
                                + " and (kind = 'accepted' or position = 0)");
            }
        });
        SampleAlert.touch(db, "attempt", "update attempt set segments = 2 where alert_id = " + alert);
        Path file = made(alert, Variant.FULL);

        // every second was delivered, and of those the first only with both of its parts
        assertThat(report(file)).contains("17 17 1 0").contains("34 parties pour 17 messages");
        assertThat(text(file, "alert.json"))
                .contains("\"messages\":{\"accepted\":17,\"delivered\":1}")
                .contains("\"observations\":{\"accepted\":34,\"delivered\":10}");
        assertThat(lines(file, "attempts.csv")).hasSize(1 + 34 + 10);
        assertThat(VerifyRun.of(file.toString()).exitCode()).isZero();
    }

    @Test
    void namesWhatFollowsAndWhatItFollowed() throws IOException {
        long first = launched(10, false);
        long allClear = launched(10, false);
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                statement.execute("insert into alert_follow_up values (" + tenant + ", " + allClear + ", " + first
                        + ", 'all-clear', 'everybody')");
                return statement.execute(
                        "insert into answer (tenant_id, alert_id, recipient_no, choice, channel, source, at,"
                                + " recorded_at) select tenant_id, alert_id, 2, '1', 'sms', 'reply', now(), ended_at + interval '1 minute'"
                                + " from alert where alert_id = " + first);
            }
        });

        Path ofFirst = made(first, Variant.FULL);
        assertThat(report(ofFirst)).contains("Levée par alerte " + allClear).contains("après la fin de l’alerte");
        assertThat(text(ofFirst, "alert.json"))
                .contains("\"followedBy\":[{\"alert\":" + allClear + ",\"kind\":\"all-clear\"")
                .as("the sample's own came as it ended")
                .contains("\"lateAnswers\":2");
        Path ofSecond = made(allClear, Variant.MASKED);
        assertThat(report(ofSecond)).contains("Lève alerte " + first);
        assertThat(text(ofSecond, "alert.json")).contains("\"follows\":{\"alert\":" + first + ",");
        assertThat(VerifyRun.of(ofFirst.toString()).exitCode()).isZero();
        assertThat(VerifyRun.of(ofSecond.toString()).exitCode()).isZero();
    }

    private static int pages(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                PDDocument pdf = Loader.loadPDF(
                        zip.getInputStream(zip.getEntry("report.pdf")).readAllBytes())) {
            return pdf.getNumberOfPages();
        }
    }

    @Test
    void isHeldAgainstTheAudienceThatTheJournalSaw() throws IOException {
        long alert = launched(10, false);
        db.database().inTenant(tenant, c -> {
            Evidence.Seal seal = evidence.seal(c, tenant, alert);
            journal.append(
                    c,
                    tenant,
                    Actor.engine(),
                    "alert.closed",
                    "alert",
                    Long.toString(alert),
                    Map.of("records", seal.records(), "audience", seal.audienceRoot()));
            return null;
        });
        assertThat(VerifyRun.of(made(alert, Variant.FULL).toString()).exitCode())
                .isZero();

        SampleAlert.touch(db, "recipient", "update recipient set name = 'Someone else' where recipient_no = 4");

        VerifyRun run = VerifyRun.of("--json", made(alert, Variant.FULL).toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("\"firstBad\":\"recipients.csv\"");
    }

    @Test
    void knowsNoAlertOfAnotherTenant() {
        long alert = launched(3, false);
        int other = db.tenant("autre");

        assertThatThrownBy(() -> evidence.write(other, alert, DPO, new ByteArrayOutputStream()))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> evidence.write(tenant, alert + 1, DPO, new ByteArrayOutputStream()))
                .isInstanceOf(NoSuchElementException.class);
    }

    private EvidencePackages packages(String keys) {
        return new EvidencePackages(
                db.database(), journal, folder.resolve(keys), Optional.of(folder.resolve("work")), Clock.systemUTC());
    }

    private long launched(int people, boolean drill) {
        long alert = SampleAlert.insert(db, tenant, people, drill);
        db.database().inTenant(tenant, c -> {
            journal.append(
                    c,
                    tenant,
                    new Actor("maire", "rest", ""),
                    "alert.launched",
                    "alert",
                    Long.toString(alert),
                    Map.of("recipients", people));
            return null;
        });
        return alert;
    }

    private Path made(long alert, Variant variant) throws IOException {
        Path file = Files.createTempFile(folder, "evidence", ".zip");
        try (var out = Files.newOutputStream(file)) {
            evidence.write(tenant, alert, variant, DPO, out);
        }
        return file;
    }

    private static List<String> lines(Path file, String part) throws IOException {
        return List.of(text(file, part).split("\r\n"));
    }

    private static String text(Path file, String part) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new String(zip.getInputStream(zip.getEntry(part)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
