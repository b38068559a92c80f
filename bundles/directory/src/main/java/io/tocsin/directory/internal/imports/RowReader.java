package io.tocsin.directory.internal.imports;

import io.tocsin.directory.internal.imports.ColumnMapping.Column;
import io.tocsin.directory.internal.imports.Field.Kind;
import io.tocsin.directory.internal.table.Row;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a row into a contact. A row is rejected if nobody could be reached through it or it cannot be told who it is;
 * otherwise it is taken, without the values that are wrong, each of which is reported.
 */
final class RowReader {
    private static final int MAX_TEXT = 200;

    private final ColumnMapping mapping;
    private final PhoneCell phones;
    private final Set<String> tagsForAll;
    private final RowErrors errors;

    RowReader(ColumnMapping mapping, PhoneCell phones, Set<String> tagsForAll, RowErrors errors) {
        this.mapping = mapping;
        this.phones = phones;
        this.tagsForAll = Tags.of(tagsForAll);
        this.errors = errors;
    }

    /** A row that was not taken: who it seems to be about, so that a delta sync does not remove that person. */
    record Rejected(String externalId, String lastName, String firstName) {}

    /** @return either the contact or the rejection */
    Result read(Row row) {
        return new Reading(row).result();
    }

    record Result(Optional<StagedContact> contact, Rejected rejected) {}

    private final class Reading {
        private final Row row;
        private final List<String[]> wrong = new ArrayList<>();
        private final List<Address> addresses = new ArrayList<>();
        private final Map<String, String> variables = new LinkedHashMap<>();
        private final Set<String> tags = new TreeSet<>(tagsForAll);
        private String externalId = "";
        private String firstName = "";
        private String lastName = "";
        private String language = "";
        private String household = "";
        private Column latitude;
        private Column longitude;
        private String fatal = "";

        Reading(Row row) {
            this.row = row;
        }

        Result result() {
            refuseExtraCells();
            for (Column column : mapping.columns()) {
                if (column.field().kind() != Kind.IGNORE) {
                    take(column);
                }
            }
            PlaceCells place = place();
            if (addresses.isEmpty() && fatal.isEmpty()) {
                if (wrong.isEmpty()) {
                    wrong.add(new String[] {"row", "gives no telephone number and no e-mail address"});
                }
                fatal = "nobody can be reached";
            }
            String outcome = fatal.isEmpty() ? RowErrors.PARTIAL : RowErrors.REJECTED;
            wrong.forEach(w -> errors.add(row.number(), w[0], w[1], outcome));
            if (!fatal.isEmpty()) {
                errors.countRejected();
                return new Result(Optional.empty(), new Rejected(externalId, lastName, firstName));
            }
            if (externalId.isEmpty()) {
                externalId =
                        ContactKey.derived(firstName, lastName, addresses.get(0).address());
            }
            return new Result(
                    Optional.of(new StagedContact(
                            row.number(),
                            externalId,
                            firstName,
                            lastName,
                            language,
                            household,
                            tags,
                            variables,
                            addresses,
                            place.place(),
                            !place.problem().isEmpty())),
                    null);
        }

        private PlaceCells place() {
            if (latitude == null || longitude == null) {
                return PlaceCells.read("", "");
            }
            for (Column column : List.of(latitude, longitude)) {
                String fault = row.faults().get(column.index());
                if (fault != null) {
                    // said already
                    return new PlaceCells(Optional.empty(), Degrees.LATITUDE, fault);
                }
            }
            PlaceCells place = PlaceCells.read(row.cell(latitude.index()), row.cell(longitude.index()));
            if (!place.problem().isEmpty()) {
                wrong(place.wrong() == Degrees.LATITUDE ? latitude : longitude, place.problem());
            }
            return place;
        }

        private void refuseExtraCells() {
            for (int i = mapping.columns().size(); i < row.cells().size(); i++) {
                if (!row.cells().get(i).isBlank()) {
                    fatal = "shifted";
                    wrong.add(new String[] {
                        "row",
                        "has " + row.cells().size() + " cells under "
                                + mapping.columns().size()
                                + " titles: a separator inside a value needs quotes around the value"
                    });
                    return;
                }
            }
        }

        private void take(Column column) {
            switch (column.field().kind()) {
                case LATITUDE -> latitude = column;
                case LONGITUDE -> longitude = column;
                default -> {}
            }
            String fault = row.faults().get(column.index());
            if (fault != null) {
                wrong(column, fault);
                if (column.field().kind() == Kind.EXTERNAL_ID) {
                    fatal = fault;
                }
                return;
            }
            String raw = row.cell(column.index());
            if (raw.indexOf('\uFFFD') >= 0) {
                wrong(column, "holds a letter that cannot be read in this encoding: save the file as UTF-8 again");
                return;
            }
            switch (column.field().kind()) {
                case EXTERNAL_ID -> externalId = identity(column, raw);
                case FIRST_NAME -> firstName = identity(column, raw);
                case LAST_NAME -> lastName = identity(column, raw);
                case FULL_NAME -> fullName(identity(column, raw));
                case MOBILE -> take(column, phones.read(raw, true));
                case PHONE -> take(column, phones.read(raw, false));
                case EMAIL -> take(column, MailCell.read(raw));
                case WEBHOOK -> take(column, WebhookCell.read(raw));
                case PUBLICATION -> take(column, PublicationCell.read(raw));
                case LANGUAGE -> language = language(column, raw);
                case HOUSEHOLD -> household = bounded(column, raw, MAX_TEXT);
                case TAGS -> tags(column, raw);
                case VARIABLE -> {
                    String value = bounded(column, raw, Variables.MAX_LENGTH);
                    if (!value.isEmpty()) {
                        variables.put(column.field().variable(), value);
                    }
                }
                case LATITUDE, LONGITUDE, IGNORE -> {}
            }
        }

        private void take(Column column, AddressCell cell) {
            for (Address address : cell.addresses()) {
                boolean there = addresses.stream()
                        .anyMatch(a ->
                                a.kind().equals(address.kind()) && a.address().equals(address.address()));
                if (!there) {
                    addresses.add(address);
                }
            }
            cell.problems().forEach(problem -> wrong(column, problem));
        }

        private String identity(Column column, String raw) {
            String text = CleanText.of(raw);
            if (text.length() > MAX_TEXT) {
                fatal = "too long";
                wrong(column, "has " + text.length() + " characters; at most " + MAX_TEXT + " are taken");
                return "";
            }
            return text;
        }

        /** "DUPONT Jean": what is in capitals is the family name; otherwise the whole is shown as it stands. */
        private void fullName(String text) {
            List<String> family = new ArrayList<>();
            List<String> given = new ArrayList<>();
            for (String word : text.split(" ")) {
                boolean capitals = word.length() > 1
                        && word.equals(word.toUpperCase(java.util.Locale.ROOT))
                        && word.chars().anyMatch(Character::isLetter);
                (capitals ? family : given).add(word);
            }
            boolean told = !family.isEmpty() && !given.isEmpty();
            lastName = told ? String.join(" ", family) : text;
            firstName = told ? String.join(" ", given) : "";
        }

        private String language(Column column, String raw) {
            String text = CleanText.of(raw);
            if (text.isEmpty()) {
                return "";
            }
            Optional<String> tag = LanguageTag.of(text);
            if (tag.isEmpty()) {
                wrong(column, "'" + brief(text) + "' is no language known here: write its code, such as fr or en");
            }
            return tag.orElse("");
        }

        private void tags(Column column, String raw) {
            for (String tag : Tags.ofCell(raw)) {
                if (tag.length() > Tags.MAX_LENGTH) {
                    wrong(
                            column,
                            "a tag has " + tag.length() + " characters; at most " + Tags.MAX_LENGTH + " are taken");
                } else if (tags.size() >= Tags.MAX_TAGS) {
                    wrong(column, "gives more than " + Tags.MAX_TAGS + " tags");
                    return;
                } else {
                    tags.add(tag);
                }
            }
        }

        private String bounded(Column column, String raw, int max) {
            String text = CleanText.of(raw);
            if (text.length() > max) {
                wrong(column, "has " + text.length() + " characters; at most " + max + " are taken");
                return "";
            }
            return text;
        }

        private void wrong(Column column, String problem) {
            wrong.add(new String[] {column.title(), problem});
        }

        private String brief(String text) {
            return text.length() <= 40 ? text : text.substring(0, 37) + "…";
        }
    }
}
