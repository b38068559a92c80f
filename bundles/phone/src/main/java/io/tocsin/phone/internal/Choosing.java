package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Chooses one of several by its number; the star reads them out. */
final class Choosing<T> implements Talk {
    private static final int TRIES = 3;
    private static final int LONGEST = 10;
    private static final Duration KEYING = Duration.ofSeconds(6);

    /** @param said how it is said with its number: “for this, enter that” */
    record Item<T>(int number, Words said, T meant) {}

    private final Words prompt;
    private final Words noSuchNumber;
    private final List<Item<T>> items;
    private final Function<T, Reply> chosen;
    private final Talk back;

    /** @param back where nothing chosen leads */
    Choosing(Words prompt, Words noSuchNumber, List<Item<T>> items, Function<T, Reply> chosen, Talk back) {
        this.prompt = prompt;
        this.noSuchNumber = noSuchNumber;
        this.items = List.copyOf(items);
        this.chosen = chosen;
        this.back = back;
    }

    @Override
    public Reply next(Heard heard) {
        return ask(List.of(prompt), TRIES);
    }

    private Reply ask(List<Words> said, int tries) {
        return Reply.keys(said, LONGEST, KEYING, heard -> keyed(heard, tries));
    }

    private Reply keyed(Heard heard, int tries) {
        String keys = Reply.keys(heard);
        if (keys.startsWith("*")) {
            List<Words> all = new ArrayList<>(items.stream().map(Item::said).toList());
            all.add(prompt);
            return ask(all, tries);
        }
        Optional<Item<T>> item = items.stream()
                .filter(each -> Integer.toString(each.number()).equals(keys.replaceFirst("^0+", "")))
                .findFirst();
        if (item.isPresent()) {
            return chosen.apply(item.get().meant());
        }
        if (tries <= 1) {
            return back.next(heard);
        }
        return ask(keys.isEmpty() ? List.of(prompt) : List.of(noSuchNumber, prompt), tries - 1);
    }
}
