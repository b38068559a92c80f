package io.tocsin.directory.internal.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the names of places where alerts are published, one or several in a cell, parted by spaces, commas or line ends: {@code
 * SITE/PAGE} of a node's public pages, {@code @name@host} on a Mastodon-compatible server. Whether a tenant may publish there, its
 * account says when a message is sent.
 */
public final class PublicationCell {
    private static final Pattern PAGE = Pattern.compile("[a-z][a-z0-9-]{0,39}/[a-z][a-z0-9-]{0,39}");
    private static final Pattern HANDLE =
            Pattern.compile("@[a-z0-9_][a-z0-9_.-]{0,63}@[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?");

    private PublicationCell() {}

    /** @param cell may be null or blank: no places and no problem */
    public static AddressCell read(String cell) {
        String text = CleanText.of(cell == null ? null : cell.replaceAll("[\\r\\n,;]+", " "));
        if (text.isEmpty()) {
            return AddressCell.EMPTY;
        }
        List<Address> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        for (String written : text.split("\\s+")) {
            String name = written.toLowerCase(Locale.ROOT);
            if (isOne(name)) {
                good.add(new Address("publication", name, written));
            } else {
                bad.add("names no place to publish: write SITE/PAGE, such as saint-aurel/ville, or @name@host");
            }
        }
        return new AddressCell(good, bad);
    }

    /** Whether that is how such a place is written, whatever it is. */
    private static boolean isOne(String name) {
        return PAGE.matcher(name).matches() || HANDLE.matcher(name).matches();
    }
}
