package io.tocsin.tenants.internal.files;

import io.tocsin.tenants.internal.CapRegistry;
import io.tocsin.tenants.internal.Rules;
import io.tocsin.tenants.internal.Rules.Rule;
import io.tocsin.tenants.internal.SecretReference;
import io.tocsin.tenants.internal.files.TenantSpec.AccountSpec;
import io.tocsin.tenants.internal.files.TenantSpec.CapSpec;
import io.tocsin.tenants.internal.files.TenantSpec.UnitSpec;
import io.tocsin.tenants.internal.files.TenantSpec.UserSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads units, users, accounts and caps: the same in a tenant's folder and in an agency's file. */
final class PeopleReader {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,9})?");

    private PeopleReader() {}

    static List<UnitSpec> units(List<YamlMap> maps) {
        List<UnitSpec> units = new ArrayList<>();
        Set<String> slugs = new HashSet<>();
        for (YamlMap map : maps) {
            String slug = map.required("slug", Rules::slug);
            String name = map.required("name", Rules::title);
            Optional<String> parent = map.optional("parent", Rules::slug);
            if (parent.isPresent() && !slugs.contains(parent.get())) {
                map.problem("parent", "names no unit before it; write units from the top down");
            }
            once(map, "slug", slug, slugs);
            map.refuseUnknown();
            units.add(new UnitSpec(slug, name, parent));
        }
        return List.copyOf(units);
    }

    static List<UserSpec> users(List<YamlMap> maps, Rule role, List<UnitSpec> units) {
        List<UserSpec> users = new ArrayList<>();
        Set<String> logins = new HashSet<>();
        for (YamlMap map : maps) {
            String login = map.required("login", Rules::login);
            String name = map.required("name", Rules::title);
            Set<String> roles = Set.copyOf(new HashSet<>(map.texts("roles", role)));
            if (roles.isEmpty()) {
                map.problem("roles", "is missing or empty; give at least one role");
            }
            Optional<String> unit = map.optional("unit", Rules::slug);
            if (unit.isPresent() && units.stream().noneMatch(u -> u.slug().equals(unit.get()))) {
                map.problem("unit", "names no unit of tenant.yaml; add it there or correct the name");
            }
            Optional<SecretReference> password = map.optional("password", SecretReference::problem)
                    .filter(value -> SecretReference.problem(value).isEmpty())
                    .map(SecretReference::of);
            once(map, "login", login, logins);
            map.refuseUnknown();
            users.add(new UserSpec(login, name, roles, unit, password));
        }
        return List.copyOf(users);
    }

    /** @param permitted whether accounts may be of a channel; those that are disabled may be of any */
    static List<AccountSpec> accounts(List<YamlMap> maps, Rule permitted) {
        List<AccountSpec> accounts = new ArrayList<>();
        Set<String> slugs = new HashSet<>();
        for (YamlMap map : maps) {
            String slug = map.required("slug", Rules::slug);
            String channel = map.required("channel", Rules::channel);
            int rank = map.integer("rank", 0, 10_000, 100);
            Optional<Integer> throttle = map.optionalInteger("messages-per-second", 1, 1_000_000);
            boolean enabled = map.bool("enabled", true);
            if (enabled && Rules.channel(channel).isEmpty()) {
                permitted.problem(channel).ifPresent(problem -> map.problem("channel", problem));
            }
            Map<String, String> settings = map.textMap("settings", value -> Optional.empty());
            if (settings.isEmpty()) {
                map.problem("settings", "is missing or empty; write the settings of the channel");
            }
            Map<String, String> problems = Rules.settings(settings);
            map.map("settings").ifPresent(inner -> problems.forEach(inner::problem));
            once(map, "slug", slug, slugs);
            map.refuseUnknown();
            accounts.add(new AccountSpec(slug, channel, settings, rank, throttle, enabled));
        }
        return List.copyOf(accounts);
    }

    static List<CapSpec> caps(YamlMap owner) {
        List<CapSpec> caps = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlMap map : owner.maps("caps")) {
            String name = map.required("name", Rules::slug);
            List<String> channels = map.texts("channels", Rules::channel);
            List<String> prefixes = map.texts("prefixes", Rules::prefix);
            if (prefixes.isEmpty()) {
                map.problem("prefixes", "is missing or empty; write how the numbers begin, such as +33 3 53 01");
            }
            if (prefixes.size() > CapRegistry.MOST_PREFIXES) {
                map.problem("prefixes", CapRegistry.tooManyPrefixes(prefixes.size()));
            }
            String perSecond = map.required("per-second", PeopleReader::perSecond);
            once(map, "name", name, names);
            map.refuseUnknown();
            caps.add(new CapSpec(name, channels, prefixes, number(perSecond).orElse(1)));
        }
        if (caps.size() > CapRegistry.MOST) {
            owner.problem("caps", "has " + caps.size() + " entries; " + CapRegistry.MOST + " at most");
        }
        return List.copyOf(caps);
    }

    private static Optional<String> perSecond(String value) {
        OptionalDouble number = number(value);
        return number.isEmpty()
                ? Optional.of("is not a number; write for instance 20, or 0.5 for one message in two seconds")
                : Rules.perSecond(number.getAsDouble());
    }

    private static OptionalDouble number(String value) {
        return NUMBER.matcher(value).matches() ? OptionalDouble.of(Double.parseDouble(value)) : OptionalDouble.empty();
    }

    private static void once(YamlMap map, String field, String value, Set<String> seen) {
        if (!value.isEmpty() && !seen.add(value)) {
            map.problem(field, "\"" + value + "\" is there twice; keep one");
        }
    }
}
