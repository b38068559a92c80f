package io.tocsin.tenants.internal;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Keeps two enabled accounts from using one login at a carrier: whoever is connected under it gets the receipts and
 * replies of both. Which settings make a login each channel says itself ({@code channel.login} of its service); what it
 * said is kept in the database for the times when it is away. A channel that says nothing is not compared.
 */
@Component(service = CarrierLogins.class, configurationPid = TenantSettings.PID)
public final class CarrierLogins {
    private final Placeholders placeholders;
    private final Map<String, List<String>> said = new ConcurrentHashMap<>();

    @Activate
    public CarrierLogins(Map<String, Object> properties) {
        this(properties, System::getenv);
    }

    CarrierLogins(Map<String, ?> properties, Function<String, String> environment) {
        this.placeholders = new Placeholders(properties, environment);
    }

    /** Reads the provider's properties and never the provider: no guest's code runs here. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindProvider(ServiceReference<ChannelProvider> provider) {
        if (provider.getProperty("channel.type") instanceof String type) {
            Object login = provider.getProperty("channel.login");
            says(
                    type,
                    login instanceof String[] many
                            ? Arrays.asList(many)
                            : login instanceof String one && !one.isBlank() ? List.of(one) : List.of());
        }
    }

    /** What it said holds until another provider of its type says otherwise. */
    void unbindProvider(ServiceReference<ChannelProvider> provider) {}

    void says(String channel, List<String> loginSettings) {
        said.put(channel, List.copyOf(loginSettings));
    }

    /**
     * Lets one transaction at a time change accounts. Called before anything else is written in it: who holds the
     * journal and waits here would meet who holds this and waits for the journal.
     */
    public void lock(Connection c) throws SQLException {
        String lock = """
                select pg_advisory_xact_lock(hashtext('tocsin.carrier-logins'))""";
        try (PreparedStatement select = c.prepareStatement(lock)) {
            select.execute();
        }
    }

    /**
     * Refuses an account as it was saved, when its login is that of another enabled account. After {@link #lock}, in
     * the same transaction.
     *
     * @param where what goes before the setting's name in the refusal, such as {@code sms.}, or nothing
     * @param visible which accounts may be named to the caller
     */
    public void refuseShared(
            Connection c,
            AdministrativeModel model,
            CarrierAccount account,
            String where,
            Predicate<CarrierAccount> visible)
            throws SQLException {
        List<String> marks = marks(c, account.channel());
        if (said.containsKey(account.channel())) {
            keep(c, account.channel(), marks);
        }
        Optional<List<String>> login = account.enabled() ? login(marks, account.settings()) : Optional.empty();
        if (login.isEmpty()) {
            return;
        }
        for (CarrierAccount other : model.accounts(c)) {
            if (other.id() != account.id()
                    && other.enabled()
                    && other.channel().equals(account.channel())
                    && login(marks, other.settings()).equals(login)) {
                String field = where + "settings." + name(marks.get(marks.size() - 1));
                throw new RefusedException(
                        field,
                        names(marks) + " together are the login of "
                                + (visible.test(other) ? named(c, model, other) : "an account of another owner")
                                + ": a carrier gives the receipts and replies of a login to whoever is connected under"
                                + " it, and each account would take the other's; ask the carrier for a login of its"
                                + " own"
                                + (visible.test(other)
                                        ? ", use that account (an agency's serves all of its tenants), or disable it"
                                                + " first"
                                        : ""));
            }
        }
    }

    /**
     * The accounts that people of an owner may see: a tenant's see its own and those its agency shares, an agency's all of
     * the agency, the operator's all.
     */
    public static Predicate<CarrierAccount> seenBy(Optional<Integer> agencyId, Optional<Integer> tenantId) {
        return account -> agencyId.map(own -> own == account.agencyId()).orElse(true)
                && (tenantId.isEmpty()
                        || account.tenantId().isEmpty()
                        || account.tenantId().equals(tenantId));
    }

    /** Two enabled accounts that share a login all the same: saved while their channel had never been seen yet. */
    public record Shared(CarrierAccount first, CarrierAccount second, String problem) {}

    /** Accounts that were saved before anybody could compare them; for a warning, not for closing what works. */
    public List<Shared> shared(Connection c, AdministrativeModel model) throws SQLException {
        List<CarrierAccount> accounts =
                model.accounts(c).stream().filter(CarrierAccount::enabled).toList();
        List<Shared> shared = new ArrayList<>();
        for (String channel : accounts.stream().map(CarrierAccount::channel).collect(Collectors.toSet())) {
            List<String> marks = marks(c, channel);
            Map<List<String>, CarrierAccount> firsts = new HashMap<>();
            for (CarrierAccount account : accounts) {
                Optional<List<String>> login =
                        account.channel().equals(channel) ? login(marks, account.settings()) : Optional.empty();
                if (login.isPresent()) {
                    CarrierAccount first = firsts.putIfAbsent(login.get(), account);
                    if (first != null) {
                        shared.add(new Shared(
                                first,
                                account,
                                "same login at the carrier (" + names(marks) + ") as " + named(c, model, first)
                                        + ": each takes the other's receipts and replies; disable one, or ask the"
                                        + " carrier for a second login"));
                    }
                }
            }
        }
        return List.copyOf(shared);
    }

    private List<String> marks(Connection c, String channel) throws SQLException {
        List<String> now = said.get(channel);
        if (now != null) {
            return now;
        }
        String kept = """
                select settings from channel_login where channel = ?""";
        try (PreparedStatement select = c.prepareStatement(kept)) {
            select.setString(1, channel);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? List.of((String[]) row.getArray(1).getArray()) : List.of();
            }
        }
    }

    private static void keep(Connection c, String channel, List<String> marks) throws SQLException {
        String keep =
                """
                insert into channel_login (channel, settings) values (?, ?)
                on conflict (channel) do update set settings = excluded.settings
                where channel_login.settings <> excluded.settings""";
        try (PreparedStatement insert = c.prepareStatement(keep)) {
            insert.setString(1, channel);
            insert.setArray(2, c.createArrayOf("text", marks.toArray()));
            insert.executeUpdate();
        }
    }

    /** The values of the marked settings on this node; empty when one is missing that has no default. */
    private Optional<List<String>> login(List<String> marks, Map<String, String> settings) {
        List<String> values = new ArrayList<>();
        for (String mark : marks) {
            String written = settings.getOrDefault(name(mark), "").strip();
            boolean hasDefault = mark.indexOf('=') >= 0;
            if (written.isEmpty() && !hasDefault) {
                return Optional.empty();
            }
            String value = written.isEmpty() ? mark.substring(mark.indexOf('=') + 1) : filled(written);
            values.add(value.strip().toLowerCase(Locale.ROOT));
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(values));
    }

    /** A place that has no value on this node is compared as it is written. */
    private String filled(String written) {
        try {
            return placeholders.fill(written);
        } catch (IllegalArgumentException unset) {
            return written;
        }
    }

    private static String name(String mark) {
        int equals = mark.indexOf('=');
        return equals < 0 ? mark : mark.substring(0, equals);
    }

    private static String names(List<String> marks) {
        return marks.stream().map(CarrierLogins::name).collect(Collectors.joining(", "));
    }

    private static String named(Connection c, AdministrativeModel model, CarrierAccount account) {
        String owner = account.tenantId()
                .flatMap(id -> model.tenant(c, id))
                .map(tenant -> "tenant " + tenant.slug())
                .or(() -> model.agency(c, account.agencyId()).map(agency -> "agency " + agency.slug()))
                .orElseThrow();
        return "account \"" + account.slug() + "\" of " + owner;
    }
}
