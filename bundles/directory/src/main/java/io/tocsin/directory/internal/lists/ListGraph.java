package io.tocsin.directory.internal.lists;

import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tenant's lists and how they nest. Immutable. */
final class ListGraph {
    private final Map<String, ContactList> bySlug;

    ListGraph(List<ContactList> lists) {
        Map<String, ContactList> all = new LinkedHashMap<>();
        lists.forEach(list -> all.put(list.slug(), list));
        this.bySlug = all;
    }

    /** The same lists with one added or replaced. */
    ListGraph with(ContactList list) {
        List<ContactList> lists = new ArrayList<>(bySlug.values());
        lists.removeIf(l -> l.slug().equals(list.slug()));
        lists.add(list);
        return new ListGraph(lists);
    }

    ContactList get(String slug) {
        return bySlug.get(slug);
    }

    /** Lists that include or exclude this one. */
    List<String> users(String slug) {
        return bySlug.values().stream()
                .filter(l -> l.includes().contains(slug) || l.excludes().contains(slug))
                .map(ContactList::slug)
                .toList();
    }

    /**
     * Everything the lists stand on, each before whatever is built from it.
     *
     * @param field what to call the lists in a refusal
     * @throws RefusedException naming every list that does not exist, or the circle
     */
    List<ContactList> inOrder(String field, List<String> slugs) {
        List<Problem> unknown = new ArrayList<>();
        for (int i = 0; i < slugs.size(); i++) {
            if (!bySlug.containsKey(slugs.get(i))) {
                unknown.add(new Problem(
                        field + "[" + i + "]",
                        "there is no list '" + slugs.get(i) + "'; there are: " + String.join(", ", bySlug.keySet())));
            }
        }
        if (!unknown.isEmpty()) {
            throw new RefusedException(unknown);
        }
        Set<String> done = new LinkedHashSet<>();
        slugs.forEach(slug -> visit(field, slug, new ArrayList<>(), done));
        return done.stream().map(bySlug::get).toList();
    }

    private void visit(String field, String slug, List<String> path, Set<String> done) {
        if (path.contains(slug)) {
            List<String> circle = new ArrayList<>(path.subList(path.indexOf(slug), path.size()));
            circle.add(slug);
            throw new RefusedException(field, "the lists contain each other: " + String.join(" → ", circle));
        }
        if (done.contains(slug)) {
            return;
        }
        ContactList list = bySlug.get(slug);
        if (list == null) {
            throw new RefusedException(
                    field, "list '" + path.get(path.size() - 1) + "' needs list '" + slug + "', which does not exist");
        }
        path.add(slug);
        list.includes().forEach(s -> visit(field, s, path, done));
        list.excludes().forEach(s -> visit(field, s, path, done));
        path.remove(path.size() - 1);
        done.add(slug);
    }
}
