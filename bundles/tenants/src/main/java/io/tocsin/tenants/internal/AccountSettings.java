package io.tocsin.tenants.internal;

import io.tocsin.channel.api.Setting;
import io.tocsin.channel.api.SettingsDefinition;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Installed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Holds an account's settings against what its channel says they are, before the account is saved. A channel that is not
 * installed on this node, or says nothing, is not asked: its accounts are checked when they are opened.
 */
@Component(service = AccountSettings.class, configurationPid = TenantSettings.PID)
public final class AccountSettings {
    /** Stands in for a secret that somebody wrote where a reference belongs. */
    private static final String REDACTED = "(a secret, not shown)";

    private final Placeholders placeholders;
    private final AtomicReference<Optional<InstalledChannels>> channels = new AtomicReference<>(Optional.empty());

    @Activate
    public AccountSettings(Map<String, Object> properties) {
        this(properties, System::getenv);
    }

    AccountSettings(Map<String, ?> properties, Function<String, String> environment) {
        this.placeholders = new Placeholders(properties, environment);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindChannels(InstalledChannels bound) {
        channels.set(Optional.of(bound));
    }

    void unbindChannels(InstalledChannels gone) {
        channels.updateAndGet(now -> now.filter(c -> c != gone));
    }

    /**
     * Refuses an account with settings its channel does not have, lacks or cannot take; all of them at once. A disabled one
     * may be unfinished: of it only secrets in clear are refused.
     *
     * @param where what goes before the settings' names in the refusal, such as {@code sms.}, or nothing
     * @param sealed settings that are kept apart, sealed
     */
    public void refuseWrong(CarrierAccount account, String where, Set<String> sealed) {
        Optional<SettingsDefinition> definition = definition(account);
        if (definition.isEmpty()) {
            return;
        }
        Map<String, String> problems = new TreeMap<>();
        if (account.enabled()) {
            problems.putAll(wrong(definition.get(), account.settings(), sealed));
        }
        for (String secret : inClear(definition.get(), account.settings())) {
            problems.put(secret, Rules.SECRET_IN_CLEAR);
        }
        if (!problems.isEmpty()) {
            List<Problem> refused = new ArrayList<>();
            problems.forEach((setting, problem) -> refused.add(new Problem(where + "settings." + setting, problem)));
            throw new RefusedException(refused);
        }
    }

    /**
     * Refuses to seal what is no secret of the channel, or what the channel would not take; nothing of it is repeated. Where the channel says nothing, a
     * setting is secret whose name says so.
     *
     * @param typed by setting; an empty one is let go
     */
    public void refuseUnsealable(String channel, Map<String, Optional<String>> typed) {
        Optional<SettingsDefinition> definition = definition(channel);
        Map<String, String> problems = new TreeMap<>();
        typed.forEach((name, secret) -> secret.ifPresent(clear -> {
            Optional<Setting> setting = definition.flatMap(d -> d.setting(name));
            boolean secretOne = definition.isPresent()
                    ? setting.filter(Setting::secret).isPresent()
                    : Rules.settingName(name).isEmpty() && Rules.looksSecret(name);
            if (!secretOne) {
                problems.put(
                        name,
                        "is no secret of "
                                + definition.map(SettingsDefinition::title).orElse(channel) + ": write it in settings");
            } else {
                setting.flatMap(s -> s.problem(clear)).ifPresent(problem -> problems.put(name, problem));
            }
        }));
        if (!problems.isEmpty()) {
            List<Problem> refused = new ArrayList<>();
            problems.forEach((name, problem) -> refused.add(new Problem("secrets." + name, problem)));
            throw new RefusedException(refused);
        }
    }

    /** The account as it may be shown: of a secret in clear, saved before its channel said that it is one, nothing is left. */
    public CarrierAccount shown(CarrierAccount account) {
        Set<String> secrets =
                definition(account).map(d -> inClear(d, account.settings())).orElse(Set.of());
        if (secrets.isEmpty()) {
            return account;
        }
        Map<String, String> settings = new HashMap<>(account.settings());
        secrets.forEach(secret -> settings.put(secret, REDACTED));
        return new CarrierAccount(
                account.id(),
                account.agencyId(),
                account.tenantId(),
                account.slug(),
                account.channel(),
                settings,
                account.rank(),
                account.messagesPerSecond(),
                account.enabled(),
                account.version());
    }

    private Optional<SettingsDefinition> definition(CarrierAccount account) {
        return definition(account.channel());
    }

    private Optional<SettingsDefinition> definition(String channel) {
        return channels.get().flatMap(c -> c.of(channel)).flatMap(Installed::settings);
    }

    /** As this node fills the places in; what it cannot fill is checked where it opens. */
    private Map<String, String> wrong(SettingsDefinition definition, Map<String, String> written, Set<String> sealed) {
        Map<String, String> filled = new HashMap<>();
        Set<String> withheld = new HashSet<>(sealed);
        sealed.forEach(name -> filled.put(name, ""));
        written.forEach((name, value) -> {
            filled.put(name, value);
            if (SecretReference.isReference(value)) {
                withheld.add(name);
            } else {
                try {
                    filled.put(name, placeholders.fill(value));
                } catch (IllegalArgumentException unset) {
                    withheld.add(name);
                }
            }
        });
        return definition.problems(filled, withheld);
    }

    private static Set<String> inClear(SettingsDefinition definition, Map<String, String> written) {
        Set<String> secrets = new HashSet<>();
        for (Setting setting : definition.settings()) {
            String value = written.get(setting.name());
            if (setting.secret() && value != null && !SecretReference.isReference(value)) {
                secrets.add(setting.name());
            }
        }
        return secrets;
    }
}
