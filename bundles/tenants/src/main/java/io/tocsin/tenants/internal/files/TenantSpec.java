package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.Scenario;
import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.tenants.internal.SecretReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A tenant as its folder describes it, checked.
 *
 * @param lists in an order in which each names only those before it
 */
record TenantSpec(
        String slug,
        AgencyName agency,
        Identity identity,
        List<UnitSpec> units,
        List<UserSpec> users,
        List<AccountSpec> accounts,
        List<CapSpec> caps,
        List<ListSpec> lists,
        List<Scenario> scenarios,
        List<ContactFile> contacts,
        Optional<Lexicon> lexicon,
        List<NamedFile> recordings,
        List<NamedFile> documents) {

    /** @param name present: the agency is made when there is none of that slug; an existing one keeps its name */
    record AgencyName(String slug, Optional<String> name) {}

    /**
     * @param weight left out: as it is
     * @param channels the channel types it is limited to, none: all; left out: as they are
     */
    record Identity(
            String name,
            String kind,
            String language,
            String timeZone,
            Optional<String> smsSender,
            Optional<String> mailSender,
            int maxContacts,
            int maxRecipients,
            int maxRunningAlerts,
            Optional<Integer> weight,
            Optional<List<String>> channels) {}

    /** @param parent the slug of a unit before it */
    record UnitSpec(String slug, String name, Optional<String> parent) {}

    /** @param password empty: no signing in by password until the API sets one */
    record UserSpec(
            String login, String name, Set<String> roles, Optional<String> unit, Optional<SecretReference> password) {}

    record AccountSpec(
            String slug,
            String channel,
            Map<String, String> settings,
            int rank,
            Optional<Integer> messagesPerSecond,
            boolean enabled) {}

    /** @param channels none: all */
    record CapSpec(String name, List<String> channels, List<String> prefixes, double perSecond) {}

    /** @param members external ids, for a static list */
    record ListSpec(ContactList list, List<String> members) {}

    record ContactFile(
            Path file,
            String name,
            String source,
            String region,
            String language,
            String legalBasis,
            Map<String, String> mapping,
            Set<String> tags,
            boolean removeMissing,
            Optional<Integer> maxRemovedPercent) {

        /** What, besides the file's content, decides the outcome of its import. */
        String plan() {
            return String.join(
                    "\n",
                    source,
                    region,
                    language,
                    legalBasis,
                    new TreeMap<>(mapping).toString(),
                    new TreeSet<>(tags).toString(),
                    String.valueOf(removeMissing));
        }
    }

    /** @param name as problems name it: {@code recordings/sirene.wav} */
    record NamedFile(String slug, String name, Path file) {}

    /** An agency as its file describes it. Its weight is its operator's to say, not its own. */
    record AgencySpec(String slug, String name, List<UserSpec> users, List<AccountSpec> accounts, List<CapSpec> caps) {}
}
