package io.tocsin.routing.internal.ledger;

/** One target to be tried again: the target it replaces and how. */
public record Replacement(
        int recipientNo, String address, int waveNo, int position, boolean possibleDuplicate, int tryNo) {}
