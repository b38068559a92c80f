package io.tocsin.directory.internal.value;

/**
 * A way to reach somebody, normalised.
 *
 * @param kind {@code mobile}, {@code landline}, {@code email}, {@code fax}, {@code webhook} or {@code publication}
 * @param address E.164, mailbox, URL, or where to publish
 * @param writtenAs as the tenant wrote it
 */
public record Address(String kind, String address, String writtenAs) {}
