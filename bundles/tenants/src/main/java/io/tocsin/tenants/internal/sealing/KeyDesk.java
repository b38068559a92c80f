package io.tocsin.tenants.internal.sealing;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.Database;
import io.tocsin.tenants.api.SealingKeyRing;
import io.tocsin.tenants.internal.TenantSettings;
import io.tocsin.tenants.internal.sealing.Seal.UnopenableException;
import io.tocsin.tenants.internal.sealing.SealedRows.Row;
import io.tocsin.tenants.internal.sealing.SealingKeys.UnusableKeyException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The keys for those who keep them: which there are, what each seals, and sealing anew under the latest. */
@Component(service = SealingKeyRing.class, configurationPid = TenantSettings.PID)
public final class KeyDesk implements SealingKeyRing {
    private final Database database;
    private final AdministrativeModel model;
    private final Journal journal;
    private final SealingKeys keys;
    private final Seal seal;

    @Activate
    public KeyDesk(
            @Reference Database database,
            @Reference AdministrativeModel model,
            @Reference Journal journal,
            TenantSettings settings) {
        this(database, model, journal, SealingKeys.of(settings));
    }

    public KeyDesk(Database database, AdministrativeModel model, Journal journal, SealingKeys keys) {
        this.database = database;
        this.model = model;
        this.journal = journal;
        this.keys = keys;
        this.seal = new Seal(keys, new SecureRandom());
    }

    @Override
    public List<KeyUse> keys() {
        Map<String, Integer> uses = new TreeMap<>();
        keys.ids().forEach(id -> uses.put(id, 0));
        database.asEngine(SealedRows::keys).values().forEach(keyOf -> keyOf.values()
                .forEach(key -> uses.merge(key, 1, Integer::sum)));
        Optional<String> sealing = keys.sealing();
        List<KeyUse> found = new ArrayList<>();
        uses.forEach((id, secrets) ->
                found.add(new KeyUse(id, sealing.filter(id::equals).isPresent(), secrets, keys.problem(id))));
        return List.copyOf(found);
    }

    @Override
    public Resealed reseal(Actor actor) {
        String key = keys.sealing()
                .orElseThrow(() -> new RefusedException(
                        "key",
                        "there is none that can be used on this node: put it into " + keys.directory()
                                + ", mode 0600"));
        return database.asEngine(c -> {
            List<String> left = new ArrayList<>();
            int done = 0;
            for (Map.Entry<Integer, Map<String, Row>> each : new TreeMap<>(SealedRows.all(c)).entrySet()) {
                Optional<CarrierAccount> account = model.account(c, each.getKey());
                for (Row row : each.getValue().values()) {
                    if (account.isEmpty() || row.closed().keyId().equals(key)) {
                        continue;
                    }
                    Optional<String> problem = sealedAnew(c, account.get(), row, key);
                    problem.ifPresent(
                            why -> left.add("account " + row.accountId() + ", setting " + row.setting() + ": " + why));
                    done += problem.isEmpty() ? 1 : 0;
                }
            }
            if (done > 0) {
                journal.append(
                        c,
                        Journal.PLATFORM,
                        actor,
                        "secrets.sealed-anew",
                        "sealing-key",
                        key,
                        Map.of("secrets", done, "left", left.size()));
            }
            return new Resealed(key, done, List.copyOf(left));
        });
    }

    /** @return why it stays as it is */
    private Optional<String> sealedAnew(Connection c, CarrierAccount account, Row row, String key) {
        byte[] secret = new byte[0];
        try {
            secret = seal.open(row.closed(), account, row.setting());
            return SealedRows.sealedAnew(c, row, seal.close(key, account, row.setting(), secret))
                    ? Optional.empty()
                    : Optional.of("was changed meanwhile; ask again");
        } catch (UnopenableException e) {
            return Optional.of(e.getMessage());
        } catch (UnusableKeyException e) {
            return Optional.of("key \"" + key + "\" " + e.getMessage());
        } finally {
            Seal.wipe(secret);
        }
    }
}
