package io.tocsin.directory.internal.contacts;

import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Endpoint;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.value.Address;
import io.tocsin.directory.internal.value.AddressCell;
import io.tocsin.directory.internal.value.CleanText;
import io.tocsin.directory.internal.value.ContactKey;
import io.tocsin.directory.internal.value.Degrees;
import io.tocsin.directory.internal.value.LanguageTag;
import io.tocsin.directory.internal.value.MailCell;
import io.tocsin.directory.internal.value.PhoneCell;
import io.tocsin.directory.internal.value.PlaceCells;
import io.tocsin.directory.internal.value.PublicationCell;
import io.tocsin.directory.internal.value.Tags;
import io.tocsin.directory.internal.value.Variables;
import io.tocsin.directory.internal.value.WebhookCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Checks and normalises one contact as somebody filled it in; every problem is told at once. */
final class ContactForm {
    private static final int MAX_TEXT = 200;
    private static final int MAX_ENDPOINTS = 20;

    private final PhoneCell phones;
    private final String usualLanguage;
    private final List<Problem> problems = new ArrayList<>();

    private ContactForm(PhoneCell phones, String usualLanguage) {
        this.phones = phones;
        this.usualLanguage = usualLanguage;
    }

    /**
     * @param usualLanguage for a contact that gives none
     * @throws RefusedException naming each field that is wrong
     */
    static Contact checked(Contact given, PhoneCell phones, String usualLanguage) {
        return new ContactForm(phones, usualLanguage).check(given);
    }

    private Contact check(Contact given) {
        String firstName = text("firstName", given.firstName());
        String lastName = text("lastName", given.lastName());
        String origin = required("origin", given.origin(), "say where the contact comes from, such as 'guichet'");
        String legalBasis =
                required("legalBasis", given.legalBasis(), "say why the person may be alerted, such as 'public task'");
        List<Endpoint> endpoints = endpoints(given, origin, legalBasis);
        String externalId = text("externalId", given.externalId());
        if (externalId.isEmpty() && !endpoints.isEmpty()) {
            externalId =
                    ContactKey.derived(firstName, lastName, endpoints.get(0).address());
        }
        Contact checked = new Contact(
                given.id(),
                externalId,
                firstName,
                lastName,
                language(given.language()),
                optional(given.household()).map(h -> text("household", h)).filter(h -> !h.isEmpty()),
                tags(given.tags()),
                variables(given.variables()),
                origin,
                legalBasis,
                endpoints,
                given.version(),
                optional(given.place()).flatMap(this::place));
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
        return checked;
    }

    private List<Endpoint> endpoints(Contact given, String origin, String legalBasis) {
        List<Endpoint> all = given.endpoints() == null ? List.of() : given.endpoints();
        if (all.isEmpty() || all.size() > MAX_ENDPOINTS) {
            problems.add(new Problem(
                    "endpoints",
                    "give 1 to " + MAX_ENDPOINTS
                            + " telephone numbers, mailboxes, webhooks or publications, the preferred one first"));
            return List.of();
        }
        List<Endpoint> checked = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Endpoint endpoint = all.get(i);
            String field = "endpoints[" + i + "]";
            Optional<Address> address = address(field, endpoint);
            if (address.isEmpty()) {
                continue;
            }
            Address a = address.get();
            if (checked.stream()
                    .anyMatch(e -> e.kind().equals(a.kind()) && e.address().equals(a.address()))) {
                problems.add(new Problem(field + ".address", "is there twice"));
                continue;
            }
            String writtenAs = CleanText.of(endpoint.writtenAs());
            checked.add(new Endpoint(
                    a.kind(),
                    a.address(),
                    writtenAs.isEmpty() ? a.writtenAs() : writtenAs,
                    or(endpoint.origin(), origin),
                    or(endpoint.legalBasis(), legalBasis)));
        }
        return checked;
    }

    private Optional<Address> address(String field, Endpoint endpoint) {
        String kind = endpoint.kind() == null ? "" : endpoint.kind();
        AddressCell cell =
                switch (kind) {
                    case "email" -> MailCell.read(endpoint.address());
                    case "webhook" -> WebhookCell.read(endpoint.address());
                    case "publication" -> PublicationCell.read(endpoint.address());
                    case "mobile", "landline", "phone", "fax" -> phones.read(endpoint.address(), kind.equals("mobile"));
                    default -> {
                        problems.add(new Problem(
                                field + ".kind",
                                "'" + kind + "' is none of mobile, landline, phone, email, fax, webhook, publication"));
                        yield null;
                    }
                };
        if (cell == null) {
            return Optional.empty();
        }
        if (cell.addresses().size() != 1 || !cell.problems().isEmpty()) {
            problems.add(new Problem(
                    field + ".address",
                    !cell.problems().isEmpty()
                            ? cell.problems().get(0)
                            : cell.addresses().isEmpty() ? "is missing" : "holds several: give one endpoint for each"));
            return Optional.empty();
        }
        Address address = cell.addresses().get(0);
        return Optional.of(kind.equals("fax") ? new Address("fax", address.address(), address.writtenAs()) : address);
    }

    private String language(String given) {
        String text = CleanText.of(given);
        if (text.isEmpty()) {
            return usualLanguage;
        }
        Optional<String> tag = LanguageTag.of(text);
        if (tag.isEmpty()) {
            problems.add(
                    new Problem("language", "'" + text + "' is no language known here: give its code, such as fr"));
        }
        return tag.orElse(usualLanguage);
    }

    private Set<String> tags(Set<String> given) {
        Set<String> tags = Tags.of(given == null ? Set.of() : given);
        if (tags.size() > Tags.MAX_TAGS) {
            problems.add(new Problem("tags", "there are " + tags.size() + "; at most " + Tags.MAX_TAGS + " are taken"));
        }
        tags.stream()
                .filter(t -> t.length() > Tags.MAX_LENGTH)
                .forEach(t -> problems.add(new Problem(
                        "tags", "'" + t.substring(0, 20) + "…' is longer than " + Tags.MAX_LENGTH + " characters")));
        return tags;
    }

    private Map<String, String> variables(Map<String, String> given) {
        Map<String, String> variables = new TreeMap<>();
        (given == null ? Map.<String, String>of() : given).forEach((name, value) -> {
            String problem = Variables.problemOf(name);
            String text = CleanText.of(value);
            if (!problem.isEmpty()) {
                problems.add(new Problem("variables", problem));
            } else if (text.length() > Variables.MAX_LENGTH) {
                problems.add(
                        new Problem("variables." + name, "is longer than " + Variables.MAX_LENGTH + " characters"));
            } else if (!text.isEmpty()) {
                variables.put(name, text);
            }
        });
        return variables;
    }

    private Optional<Place> place(Place given) {
        int before = problems.size();
        Degrees.LATITUDE.problem(given.latitude()).ifPresent(p -> problems.add(new Problem("place.latitude", p)));
        Degrees.LONGITUDE.problem(given.longitude()).ifPresent(p -> problems.add(new Problem("place.longitude", p)));
        if (problems.size() > before) {
            return Optional.empty();
        }
        Place place = Degrees.rounded(given);
        if (PlaceCells.isNullIsland(place)) {
            problems.add(new Problem("place", PlaceCells.NULL_ISLAND));
        }
        return Optional.of(place);
    }

    private String text(String field, String given) {
        String text = CleanText.of(given);
        if (text.length() > MAX_TEXT) {
            problems.add(
                    new Problem(field, "has " + text.length() + " characters; at most " + MAX_TEXT + " are taken"));
        }
        return text;
    }

    private String required(String field, String given, String cure) {
        String text = text(field, given);
        if (text.isEmpty()) {
            problems.add(new Problem(field, cure));
        }
        return text;
    }

    @SuppressWarnings("OptionalAssignedToNull") // what a JSON reader leaves where nothing was written
    private static <T> Optional<T> optional(Optional<T> given) {
        return given == null ? Optional.empty() : given;
    }

    private static String or(String given, String otherwise) {
        String text = CleanText.of(given);
        return text.isEmpty() ? otherwise : text;
    }
}
