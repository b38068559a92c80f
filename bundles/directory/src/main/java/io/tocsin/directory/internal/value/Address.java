package io.tocsin.directory.internal.value;

/**
 * A way to reach somebody, normalised.
 *
 * @param kind {@code mobile}, {@code landline}, {@code email}, {@code fax} or {@code webhook}
 * @param address E.164, mailbox or URL
 * @param writtenAs as the tenant wrote it
 */
public record Address(String kind, String address, String writtenAs) {}
