package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.alerting.internal.StoredDocuments;
import io.tocsin.alerting.internal.StoredLexicons;
import io.tocsin.alerting.internal.StoredRecordings;
import io.tocsin.alerting.internal.StoredScenarios;
import io.tocsin.alerting.internal.pdf.PdfReader;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.internal.DirectorySettings;
import io.tocsin.directory.internal.imports.ImportDesk;
import io.tocsin.directory.internal.lists.ListStore;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.speech.internal.CheckedRecording;
import io.tocsin.tenants.internal.AccountSettings;
import io.tocsin.tenants.internal.CarrierLogins;
import io.tocsin.tenants.internal.Secrets;
import io.tocsin.tenants.internal.TestLogins;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** The real rooms below this one, on a real database. */
final class Rooms implements AutoCloseable {
    final TestDatabase db = TestDatabase.start();
    final Database database = db.database();
    final Journal journal = new ChainedJournal();
    final ImportDesk imports = new ImportDesk(database, journal, defaults(DirectorySettings.class));
    final ContactLists lists = new ListStore(database, journal);
    final CarrierLogins logins = TestLogins.ofSms();
    final AccountSettings accountSettings = new AccountSettings(Map.of());
    final Scenarios scenarios = new StoredScenarios(database, journal);
    final StoredRecordings recordings = new StoredRecordings(database, journal);
    final Documents documents = new StoredDocuments(database, journal, null, PdfReader.ofThisClassPath());
    final Lexicons lexicons = new StoredLexicons(database, journal);

    Rooms() {
        recordings.bindIntake(new CheckedRecording(defaults(CheckedRecording.Settings.class)));
    }

    FolderWatch watch(Path root, Map<String, String> secrets, Path secretFiles) {
        return new FolderWatch(
                Optional.of(root),
                database,
                db.model(),
                journal,
                imports,
                lists,
                scenarios,
                recordings,
                documents,
                lexicons,
                logins,
                accountSettings,
                new Secrets(secretFiles, secrets::get),
                "test",
                Clock.systemUTC());
    }

    /** Settings as the container gives them when nothing is configured. */
    static <A> A defaults(Class<A> settings) {
        return settings.cast(Proxy.newProxyInstance(
                settings.getClassLoader(),
                new Class<?>[] {settings},
                (proxy, method, arguments) -> method.getDefaultValue()));
    }

    @Override
    public void close() {
        imports.close();
        db.close();
    }
}
