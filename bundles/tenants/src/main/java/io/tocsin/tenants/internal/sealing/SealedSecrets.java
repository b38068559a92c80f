package io.tocsin.tenants.internal.sealing;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.routing.api.CarrierAccounts.UnresolvedSecretException;
import io.tocsin.tenants.api.Tenancy.SealedSecret;
import io.tocsin.tenants.internal.SecretReference;
import io.tocsin.tenants.internal.TenantSettings;
import io.tocsin.tenants.internal.sealing.Seal.UnopenableException;
import io.tocsin.tenants.internal.sealing.SealedRows.Row;
import io.tocsin.tenants.internal.sealing.SealingKeys.UnusableKeyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets that people typed for accounts: taken, sealed, opened where a channel opens, and shown to nobody. Every call joins the engine's
 * transaction it is given.
 */
@Component(service = SealedSecrets.class, configurationPid = TenantSettings.PID)
public final class SealedSecrets {
    private static final Logger LOG = LoggerFactory.getLogger(SealedSecrets.class);
    private static final int LONGEST = 1024;
    private static final int MOST = 20;

    private final Journal journal;
    private final SealingKeys keys;
    private final Seal seal;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public SealedSecrets(@Reference Journal journal, TenantSettings settings) {
        this(journal, SealingKeys.of(settings), Clock.systemUTC());
    }

    public SealedSecrets(Journal journal, SealingKeys keys, Clock clock) {
        this.journal = journal;
        this.keys = keys;
        this.seal = new Seal(keys, random);
        this.clock = clock;
    }

    /**
     * Refuses what cannot be kept, and a change that would send a secret elsewhere than where whoever typed it meant it to go: all of it at
     * once, and nothing of a secret.
     *
     * @param present the account as it is saved now
     * @param typed by setting; an empty one is let go
     */
    public void refuseWrong(
            Connection c,
            CarrierAccount account,
            Optional<CarrierAccount> present,
            Map<String, Optional<String>> typed) {
        Map<String, String> problems = new TreeMap<>();
        Set<String> sealed = SealedRows.settings(c, account.id());
        Set<String> together = new TreeSet<>(sealed);
        together.addAll(typed.keySet());
        if (together.size() > MOST) {
            problems.put("secrets", "would be " + together.size() + "; an account has " + MOST + " at most");
        }
        typed.forEach((setting, secret) -> {
            secret.flatMap(SealedSecrets::problem).ifPresent(problem -> problems.put("secrets." + setting, problem));
            if (secret.isPresent() && account.settings().containsKey(setting)) {
                problems.put("secrets." + setting, "is written in settings as well: write it in one of them");
            }
        });
        if (present.filter(now -> says(now, account)).isEmpty()) {
            sealed.stream()
                    .filter(kept ->
                            !typed.containsKey(kept) && !account.settings().containsKey(kept))
                    .forEach(
                            kept -> problems.put(
                                    "secrets." + kept,
                                    "was typed for the settings as they are now, and these change: type it again, or forget it"));
        }
        if (!problems.isEmpty()) {
            List<Problem> refused = new ArrayList<>();
            problems.forEach((field, problem) -> refused.add(new Problem(field, problem)));
            throw new RefusedException(refused);
        }
    }

    /** Whether two accounts send what is secret to the same place. */
    public static boolean says(CarrierAccount one, CarrierAccount other) {
        return one.channel().equals(other.channel()) && one.settings().equals(other.settings());
    }

    private static Optional<String> problem(String secret) {
        if (secret.isEmpty()) {
            return Optional.of("is empty; type 1 to " + LONGEST + " characters");
        }
        if (secret.length() > LONGEST) {
            return Optional.of("has " + secret.length() + " characters; " + LONGEST + " at most");
        }
        if (secret.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("holds control characters or line breaks; type it on one line");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(secret)) {
            return Optional.of("holds half a character; type it again");
        }
        return SecretReference.isReference(secret)
                ? Optional.of("is the name of a secret; write it in settings, or type the secret itself")
                : Optional.empty();
    }

    /**
     * Seals what was typed and lets go what is to be forgotten. After {@code CarrierLogins.lock}: one transaction at a time, or two nodes
     * would make a first key each.
     *
     * @param account as it is saved
     * @return whether anything changed
     */
    public boolean keep(Connection c, CarrierAccount account, Map<String, Optional<String>> typed, Actor actor) {
        List<String> sealed = new ArrayList<>();
        List<String> forgotten = new ArrayList<>();
        String key = "";
        for (Map.Entry<String, Optional<String>> each : new TreeMap<>(typed).entrySet()) {
            String setting = each.getKey();
            if (each.getValue().isPresent()) {
                key = sealingKey(c, setting);
                close(c, account, setting, each.getValue().get(), key, actor);
                sealed.add(setting);
            } else if (SealedRows.forget(c, account.id(), setting)) {
                forgotten.add(setting);
            }
        }
        int chain = account.tenantId().orElse(Journal.PLATFORM);
        if (!sealed.isEmpty()) {
            Map<String, Object> details = Map.of("settings", sealed, "key", key);
            journal.append(c, chain, actor, "account.secret-sealed", "account", account.slug(), details);
        }
        if (!forgotten.isEmpty()) {
            Map<String, Object> details = Map.of("settings", forgotten);
            journal.append(c, chain, actor, "account.secret-forgotten", "account", account.slug(), details);
        }
        return !sealed.isEmpty() || !forgotten.isEmpty();
    }

    private void close(Connection c, CarrierAccount account, String setting, String typed, String key, Actor actor) {
        byte[] secret = typed.getBytes(StandardCharsets.UTF_8);
        try {
            SealedRows.put(
                    c,
                    account,
                    setting,
                    seal.close(key, account, setting, secret),
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    actor.name());
        } catch (UnusableKeyException e) {
            throw new RefusedException("secrets." + setting, "cannot be sealed: key \"" + key + "\" " + e.getMessage());
        } finally {
            Seal.wipe(secret);
        }
    }

    /** The key that seals; the first one is made here, as long as nothing is sealed yet and no key is on this node. */
    private String sealingKey(Connection c, String setting) {
        Optional<String> key = keys.sealing();
        if (key.isPresent()) {
            return key.get();
        }
        Optional<String> other = SealedRows.anyKey(c);
        Optional<String> unusable = keys.ids().stream()
                .findFirst()
                .map(id -> "key \"" + id + "\" " + keys.problem(id).orElse("is there now"));
        if (other.isPresent() || unusable.isPresent()) {
            throw new RefusedException(
                    "secrets." + setting,
                    "cannot be sealed on this node: "
                            + unusable.orElseGet(() -> "key \"" + other.get() + "\" "
                                    + keys.problem(other.get()).orElse("is there now")));
        }
        try {
            String made = keys.make(clock.instant(), random);
            LOG.warn(
                    "sealing.key-made key={} file={}: copy it to every other node, and keep a copy apart from the"
                            + " database's backups: without it nothing it sealed can be opened",
                    made,
                    keys.directory().resolve(made));
            return made;
        } catch (IOException e) {
            throw new RefusedException(
                    "secrets." + setting,
                    "cannot be sealed: this node has no key and may not write one; make one, mode 0600 and the node's own,"
                            + " in " + keys.directory() + ": openssl rand -base64 32");
        }
    }

    /** What is kept of some accounts, by account and setting. */
    public Map<Integer, Map<String, SealedSecret>> shown(Connection c, Collection<Integer> accountIds) {
        Map<Integer, Map<String, SealedSecret>> shown = new HashMap<>();
        SealedRows.of(c, accountIds).forEach((account, rows) -> {
            Map<String, SealedSecret> secrets = new TreeMap<>();
            rows.forEach((setting, row) -> secrets.put(
                    setting,
                    new SealedSecret(row.since(), row.by(), row.closed().keyId())));
            shown.put(account, secrets);
        });
        return shown;
    }

    /**
     * The secrets of an account, for opening its channel; what its settings name stands in place of what is sealed.
     *
     * @param id the account's, as people know it
     * @throws UnresolvedSecretException naming the setting, the key and the cure
     */
    public Map<String, String> open(Connection c, CarrierAccount account, String id) throws UnresolvedSecretException {
        Map<String, String> opened = new HashMap<>();
        for (Row row : SealedRows.of(c, account.id()).values()) {
            if (account.settings().containsKey(row.setting())) {
                continue;
            }
            try {
                byte[] secret = seal.open(row.closed(), account, row.setting());
                opened.put(row.setting(), new String(secret, StandardCharsets.UTF_8));
                Seal.wipe(secret);
            } catch (UnopenableException e) {
                throw new UnresolvedSecretException(
                        "account " + id + ", setting " + row.setting() + ": " + e.getMessage());
            }
        }
        return opened;
    }

    /**
     * What tells when an account's sealed secrets must be looked at again, by account: which keys of theirs this node has. Nothing of the secrets,
     * and nothing that sealing anew changes; whoever types one changes the account's version.
     */
    public Map<Integer, String> openable(Connection c) {
        Map<String, Boolean> usable = new HashMap<>();
        Map<Integer, String> marks = new HashMap<>();
        SealedRows.keys(c).forEach((account, keyOf) -> {
            StringBuilder mark = new StringBuilder();
            keyOf.forEach((setting, key) -> mark.append(setting)
                    .append(usable.computeIfAbsent(key, id -> keys.problem(id).isEmpty()) ? '+' : '-'));
            marks.put(account, mark.toString());
        });
        return marks;
    }
}
