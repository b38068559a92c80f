package io.tocsin.directory.internal.value;

/**
 * A way to reach somebody, normalised.
 *
 * @param kind {@code mobile}, {@code landline}, {@code email} or {@code fax}
 * @param address E.164 or mailbox
 * @param writtenAs as the tenant wrote it
 */
public record Address(String kind, String address, String writtenAs) {}
