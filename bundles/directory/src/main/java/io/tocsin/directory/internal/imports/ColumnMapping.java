package io.tocsin.directory.internal.imports;

import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.imports.Field.Kind;
import io.tocsin.directory.internal.table.Row;
import io.tocsin.directory.internal.table.Rows;
import io.tocsin.directory.internal.table.Table;
import io.tocsin.directory.internal.value.CleanText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which column of a table becomes which field, and which row holds the titles: the first of the topmost rows in which
 * they are recognised, for files that open with a heading of their own.
 */
record ColumnMapping(int titleRow, List<Column> columns) {
    private static final int TOPMOST_ROWS = 15;

    /** @param index from 0; @param title clean, never blank */
    record Column(int index, String title, Field field) {}

    /**
     * @param given column title to field name; empty: recognised from the titles
     * @throws RefusedException naming every title and field that is wrong, or what is missing
     */
    static ColumnMapping find(Table table, Map<String, String> given) {
        Row first = null;
        try (Rows rows = table.rows()) {
            for (int seen = 0; seen < TOPMOST_ROWS && rows.hasNext(); seen++) {
                Row row = rows.next();
                first = first == null ? row : first;
                List<Column> columns = columns(row, given);
                if (given.isEmpty() ? looksLikeTitles(columns) : holdsAll(columns, given)) {
                    return new ColumnMapping(row.number(), columns);
                }
            }
        }
        if (first == null) {
            throw new RefusedException("file", "holds no row at all");
        }
        throw given.isEmpty() ? unrecognised(first) : notFound(first, given);
    }

    /** As {@link #find}, and somebody must be reachable through it. */
    static ColumnMapping require(Table table, Map<String, String> given) {
        List<Problem> problems = new ArrayList<>();
        given.forEach((title, field) -> {
            try {
                Field.parse(field);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("mapping." + title, e.getMessage()));
            }
        });
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
        ColumnMapping mapping = find(table, given);
        if (mapping.columns.stream().noneMatch(c -> c.field().reachesSomeone())) {
            throw new RefusedException(
                    "mapping",
                    "no column gives a telephone number, an e-mail address, a webhook or a publication: map one to mobile,"
                            + " phone, email, webhook or publication; the columns are " + titles(mapping.columns));
        }
        for (Kind once : List.of(
                Kind.EXTERNAL_ID,
                Kind.FIRST_NAME,
                Kind.LAST_NAME,
                Kind.FULL_NAME,
                Kind.LANGUAGE,
                Kind.HOUSEHOLD,
                Kind.LATITUDE,
                Kind.LONGITUDE)) {
            List<Column> twice = mapping.columns.stream()
                    .filter(c -> c.field().kind() == once)
                    .toList();
            if (twice.size() > 1) {
                throw new RefusedException(
                        "mapping",
                        "several columns give " + Field.of(once) + ": " + titles(twice) + "; map one of them");
            }
        }
        if (mapping.has(Kind.LATITUDE) != mapping.has(Kind.LONGITUDE)) {
            throw new RefusedException(
                    "mapping",
                    "gives a latitude or a longitude, and not the other: map a column to each, or none to either; the columns are "
                            + titles(mapping.columns));
        }
        return mapping;
    }

    boolean has(Kind kind) {
        return columns.stream().anyMatch(c -> c.field().kind() == kind);
    }

    boolean named() {
        return has(Kind.FIRST_NAME) || has(Kind.LAST_NAME) || has(Kind.FULL_NAME);
    }

    Set<String> variables() {
        return columns.stream()
                .filter(c -> c.field().kind() == Kind.VARIABLE)
                .map(c -> c.field().variable())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Title to field name, in the file's order. */
    Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        columns.forEach(c -> text.putIfAbsent(c.title(), c.field().toString()));
        return text;
    }

    private static List<Column> columns(Row row, Map<String, String> given) {
        Map<String, String> byKey = new LinkedHashMap<>();
        given.forEach((title, field) -> byKey.put(titleKey(title), field));
        List<Column> columns = new ArrayList<>();
        Set<Kind> taken = new HashSet<>();
        for (int i = 0; i < row.cells().size(); i++) {
            String title = CleanText.of(row.cells().get(i));
            String name = title.isEmpty() ? "(column " + (i + 1) + ")" : title;
            Field field = Field.of(Kind.IGNORE);
            if (!given.isEmpty()) {
                String mapped = byKey.get(titleKey(name));
                field = mapped == null ? field : lenient(mapped);
            } else if (!title.isEmpty()) {
                field = ColumnTitles.meaning(title).orElse(field);
                // of two titles that mean the same single thing the first is proposed
                if (single(field.kind()) && !taken.add(field.kind())) {
                    field = Field.of(Kind.IGNORE);
                }
            }
            columns.add(new Column(i, name, field));
        }
        return given.isEmpty() ? withoutHalfPlaces(columns, taken) : columns;
    }

    /** Half a place is none: it is not proposed. */
    private static List<Column> withoutHalfPlaces(List<Column> columns, Set<Kind> taken) {
        if (taken.contains(Kind.LATITUDE) == taken.contains(Kind.LONGITUDE)) {
            return columns;
        }
        return columns.stream()
                .map(c -> c.field().kind() == Kind.LATITUDE || c.field().kind() == Kind.LONGITUDE
                        ? new Column(c.index(), c.title(), Field.of(Kind.IGNORE))
                        : c)
                .toList();
    }

    private static Field lenient(String mapped) {
        try {
            return Field.parse(mapped);
        } catch (IllegalArgumentException e) {
            return Field.of(Kind.IGNORE);
        }
    }

    private static boolean single(Kind kind) {
        return switch (kind) {
            case EXTERNAL_ID, FIRST_NAME, LAST_NAME, FULL_NAME, LANGUAGE, HOUSEHOLD, LATITUDE, LONGITUDE -> true;
            case MOBILE, PHONE, EMAIL, WEBHOOK, PUBLICATION, TAGS, VARIABLE, IGNORE -> false;
        };
    }

    private static String titleKey(String title) {
        String key = CleanText.key(title);
        return key.isEmpty() ? CleanText.of(title) : key;
    }

    private static boolean looksLikeTitles(List<Column> columns) {
        long recognised =
                columns.stream().filter(c -> c.field().kind() != Kind.IGNORE).count();
        boolean reaches = columns.stream().anyMatch(c -> c.field().reachesSomeone());
        return recognised >= 2 || recognised == 1 && reaches;
    }

    private static boolean holdsAll(List<Column> columns, Map<String, String> given) {
        Set<String> titles =
                columns.stream().map(c -> titleKey(c.title())).collect(Collectors.toCollection(HashSet::new));
        return given.keySet().stream().map(ColumnMapping::titleKey).allMatch(titles::contains);
    }

    private static RefusedException unrecognised(Row first) {
        return new RefusedException(
                "file",
                "no row of column titles was recognised in the first " + TOPMOST_ROWS + " rows; the first row holds "
                        + titles(columns(first, Map.of()))
                        + ": add a row of titles (Nom, Prénom, Mobile, E-mail …), or give a mapping");
    }

    private static RefusedException notFound(Row first, Map<String, String> given) {
        Set<String> there = columns(first, Map.of()).stream()
                .map(c -> titleKey(c.title()))
                .collect(Collectors.toCollection(HashSet::new));
        List<Problem> problems = given.keySet().stream()
                .filter(title -> !there.contains(titleKey(title)))
                .map(title -> new Problem(
                        "mapping." + title,
                        "the file has no column of this title; it has " + titles(columns(first, Map.of()))))
                .toList();
        return new RefusedException(problems);
    }

    private static String titles(List<Column> columns) {
        return columns.stream()
                .limit(30)
                .map(c -> "'" + (c.title().length() > 40 ? c.title().substring(0, 40) + "…" : c.title()) + "'")
                .collect(Collectors.joining(", "));
    }
}
