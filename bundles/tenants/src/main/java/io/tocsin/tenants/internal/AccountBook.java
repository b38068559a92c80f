package io.tocsin.tenants.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.tenants.internal.sealing.SealedSecrets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The carrier accounts as routing sees them. Secrets and node values are put in when a channel opens, and a rotated
 * secret or a changed node value changes the route's version, so that its channel is opened anew.
 */
@Component(service = CarrierAccounts.class, configurationPid = TenantSettings.PID)
@Designate(ocd = TenantSettings.class)
public final class AccountBook implements CarrierAccounts {
    private final Database database;
    private final AdministrativeModel model;
    private final Secrets secrets;
    private final SealedSecrets sealed;
    private final Placeholders placeholders;
    /** Of this process only: versions tell nothing of the secrets they depend on. */
    private final SecretKeySpec versionKey;

    @Activate
    public AccountBook(
            @Reference Database database,
            @Reference AdministrativeModel model,
            @Reference SealedSecrets sealed,
            TenantSettings settings,
            Map<String, Object> properties) {
        this(database, model, Secrets.of(settings), sealed, properties, System::getenv);
    }

    AccountBook(
            Database database,
            AdministrativeModel model,
            Secrets secrets,
            SealedSecrets sealed,
            Map<String, ?> properties,
            Function<String, String> environment) {
        this.sealed = sealed;
        this.database = database;
        this.model = model;
        this.secrets = secrets;
        this.placeholders = new Placeholders(properties, environment);
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        this.versionKey = new SecretKeySpec(key, "HmacSHA256");
    }

    @Override
    public List<Route> enabled() {
        return database.asEngine(c -> {
            Map<Integer, Tenant> tenants =
                    model.tenants(c, Optional.empty()).stream().collect(Collectors.toMap(Tenant::id, tenant -> tenant));
            Map<Integer, Agency> agencies =
                    model.agencies(c).stream().collect(Collectors.toMap(Agency::id, agency -> agency));
            Map<Integer, String> openable = sealed.openable(c);
            List<Route> routes = new ArrayList<>();
            for (CarrierAccount account : model.accounts(c)) {
                if (account.enabled()) {
                    routes.add(route(account, tenants, agencies, openable.getOrDefault(account.id(), "")));
                }
            }
            return List.copyOf(routes);
        });
    }

    private Route route(
            CarrierAccount account, Map<Integer, Tenant> tenants, Map<Integer, Agency> agencies, String openable) {
        List<Tenant> heard = account.tenantId()
                .map(id -> List.of(tenants.get(id)))
                .orElseGet(() -> tenants.values().stream()
                        .filter(tenant -> tenant.agencyId() == account.agencyId())
                        .sorted(Comparator.comparing(Tenant::id))
                        .toList());
        List<Integer> users = heard.stream()
                .filter(tenant -> tenant.mayUse(account.channel()))
                .map(Tenant::id)
                .toList();
        String owner = account.tenantId()
                .map(id -> tenants.get(id).slug())
                .orElseGet(() -> agencies.get(account.agencyId()).slug());
        return new Route(
                account.id(),
                owner + "." + account.slug(),
                account.channel(),
                account.agencyId(),
                account.tenantId(),
                users,
                heard.stream().map(Tenant::id).toList(),
                account.rank(),
                account.messagesPerSecond(),
                version(account, account.tenantId().isEmpty() || !users.isEmpty(), openable));
    }

    @Override
    public ChannelAccount open(int accountId) throws UnresolvedSecretException {
        Opening opening = database.asEngine(c -> model.account(c, accountId)
                .map(account -> read(c, account))
                .orElseGet(() -> Opening.not("account " + accountId + " is no longer there")));
        if (opening.refused.isPresent()) {
            throw new UnresolvedSecretException(opening.refused.get());
        }
        Map<String, String> settings = new HashMap<>(opening.sealed);
        for (Map.Entry<String, String> setting : opening.written.entrySet()) {
            settings.put(setting.getKey(), resolve(opening.id, setting.getKey(), setting.getValue()));
        }
        return new ChannelAccount(opening.id, settings);
    }

    private Opening read(Connection c, CarrierAccount account) {
        Optional<Tenant> owner = account.tenantId().flatMap(id -> model.tenant(c, id));
        String slug = owner.map(Tenant::slug)
                .or(() -> model.agency(c, account.agencyId()).map(Agency::slug))
                .orElseThrow();
        String id = slug + "." + account.slug();
        Optional<String> refused = owner.flatMap(tenant -> Rules.permitted(tenant, account.channel()));
        if (refused.isPresent()) {
            return Opening.not("account " + id + ", channel: " + refused.get());
        }
        try {
            return new Opening(id, Optional.empty(), account.settings(), sealed.open(c, account, id));
        } catch (UnresolvedSecretException e) {
            return Opening.not(e.getMessage());
        }
    }

    private String resolve(String account, String key, String value) throws UnresolvedSecretException {
        if (SecretReference.isReference(value)) {
            SecretReference reference = SecretReference.of(value);
            Optional<String> secret = secrets.find(reference);
            if (secret.isEmpty()) {
                throw new UnresolvedSecretException(
                        "account " + account + ", setting " + key + ": " + secrets.missing(reference));
            }
            return secret.get();
        }
        try {
            return placeholders.fill(value);
        } catch (IllegalArgumentException e) {
            throw new UnresolvedSecretException("account " + account + ", setting " + key + ": " + e.getMessage());
        }
    }

    /**
     * @param permitted whether its owner may use the channel: the account is closed, or opened, when that changes
     * @param openable as {@link SealedSecrets#openable} says
     */
    private int version(CarrierAccount account, boolean permitted, String openable) {
        Mac mac;
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(versionKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
        mac.update(ByteBuffer.allocate(5)
                .putInt(account.version())
                .put((byte) (permitted ? 1 : 0))
                .array());
        mac.update((openable + '\0').getBytes(StandardCharsets.UTF_8));
        new TreeMap<>(account.settings()).forEach((key, value) -> {
            String resolved;
            try {
                resolved = resolve("", key, value);
            } catch (UnresolvedSecretException e) {
                resolved = "";
            }
            mac.update((key + '\0' + resolved + '\0').getBytes(StandardCharsets.UTF_8));
        });
        return ByteBuffer.wrap(mac.doFinal()).getInt();
    }

    /** @param refused why it stays closed @param sealed what was sealed, in clear: for this opening only */
    private record Opening(
            String id, Optional<String> refused, Map<String, String> written, Map<String, String> sealed) {
        static Opening not(String why) {
            return new Opening("", Optional.of(why), Map.of(), Map.of());
        }

        /** Leaves what is secret out. */
        @Override
        public String toString() {
            return "Opening[" + id + "]";
        }
    }
}
