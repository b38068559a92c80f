package io.tocsin.directory.internal.value;

import java.util.List;

/** What a cell of telephone numbers or mailboxes holds: the good ones in order, and a sentence for each bad one. */
public record AddressCell(List<Address> addresses, List<String> problems) {
    static final AddressCell EMPTY = new AddressCell(List.of(), List.of());

    public AddressCell {
        addresses = List.copyOf(addresses);
        problems = List.copyOf(problems);
    }
}
