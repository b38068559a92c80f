package io.tocsin.tenants.internal.files;

import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.tenants.internal.Rules;
import io.tocsin.tenants.internal.files.TenantSpec.ListSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code lists.yaml} and puts nested lists behind those they name. */
final class ListsReader {
    private final Map<String, ListSpec> lists = new LinkedHashMap<>();
    private final Map<String, YamlMap> written = new HashMap<>();

    List<ListSpec> read(YamlFile file) {
        file.maps().forEach(this::list);
        Set<String> ordered = new LinkedHashSet<>();
        lists.keySet().forEach(slug -> order(slug, ordered, new LinkedHashSet<>()));
        return ordered.stream().map(lists::get).toList();
    }

    private void list(YamlMap map) {
        String slug = map.required("slug", Rules::slug);
        String name = map.required("name", Rules::title);
        String kind = map.required("kind", ListsReader::kind);
        Set<String> all = tags(map, "all-tags");
        Set<String> any = tags(map, "any-tags");
        Set<String> none = tags(map, "none-tags");
        List<String> includes = map.texts("includes", Rules::slug);
        List<String> excludes = map.texts("excludes", Rules::slug);
        List<String> members = map.texts("members", ListsReader::externalId);
        Optional<Area> area = AreaText.read(map, kind.equals("area"));
        map.refuseUnknown();
        if (!kind.equals("area")) {
            only(map, kind, "tags", Set.of("all-tags", "any-tags", "none-tags"));
        }
        only(map, kind, "area", AreaText.FIELDS);
        only(map, kind, "nested", Set.of("includes", "excludes"));
        only(map, kind, "static", Set.of("members"));
        if (kind.equals("tags") && all.isEmpty() && any.isEmpty() && none.isEmpty()) {
            map.problem("kind", "is tags but no tag is named; write all-tags, any-tags or none-tags");
        }
        if (kind.equals("nested") && includes.isEmpty()) {
            map.problem("includes", "is missing or empty; name the lists this one is made of");
        }
        ContactList list = new ContactList(slug, name, kind, all, any, none, includes, excludes, 0, area);
        if (lists.putIfAbsent(slug, new ListSpec(list, members)) != null) {
            map.problem("slug", "\"" + slug + "\" is there twice; keep one");
        }
        written.putIfAbsent(slug, map);
    }

    /** Depth first, so that whatever a list names comes before it. */
    private void order(String slug, Set<String> ordered, Set<String> way) {
        if (ordered.contains(slug)) {
            return;
        }
        way.add(slug);
        ContactList list = lists.get(slug).list();
        follow(slug, "includes", list.includes(), ordered, way);
        follow(slug, "excludes", list.excludes(), ordered, way);
        way.remove(slug);
        ordered.add(slug);
    }

    private void follow(String slug, String field, List<String> named, Set<String> ordered, Set<String> way) {
        for (String other : named) {
            if (!lists.containsKey(other)) {
                written.get(slug)
                        .problem(field, "names \"" + other + "\", which is no list here; add it or correct it");
            } else if (way.contains(other)) {
                written.get(slug).problem(field, "goes round in a circle: " + String.join(" → ", way) + " → " + other);
            } else {
                order(other, ordered, way);
            }
        }
    }

    private static void only(YamlMap map, String kind, String owner, Set<String> fields) {
        if (!kind.equals(owner)) {
            fields.stream()
                    .filter(map.names()::contains)
                    .sorted()
                    .forEach(
                            field -> map.problem(field, "belongs to lists of kind " + owner + "; this one is " + kind));
        }
    }

    private static Set<String> tags(YamlMap map, String field) {
        return new TreeSet<>(map.texts(field, ListsReader::tag));
    }

    private static Optional<String> kind(String value) {
        return Set.of("static", "tags", "area", "nested").contains(value)
                ? Optional.empty()
                : Optional.of("is not a kind of list; write static, tags, area or nested");
    }

    static Optional<String> tag(String value) {
        return value.isBlank() || value.length() > 64 || value.matches(".*[,;|\\p{Cntrl}].*")
                ? Optional.of("is not a tag; write 1 to 64 characters without comma, semicolon or bar")
                : Optional.empty();
    }

    private static Optional<String> externalId(String value) {
        return value.isBlank() || value.length() > 200
                ? Optional.of("is not an identifier of a contact; write it as in the contacts file")
                : Optional.empty();
    }
}
