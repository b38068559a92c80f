package io.tocsin.audit.verify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/**
 * The hash of a journal entry: SHA-256 over the previous entry's hash (32 zero bytes before the first) followed by the
 * entry as canonical JSON in UTF-8. The JSON has {@code tenant, seq, at, actor, door, origin, action, objectType,
 * objectId, details}; {@code at} is ISO 8601 in UTC to the microsecond.
 */
public final class EntryHash {
    private static final byte[] GENESIS = new byte[32];

    private EntryHash() {}

    /** What stands in for the previous hash of a chain's first entry. */
    public static byte[] genesis() {
        return GENESIS.clone();
    }

    public static byte[] of(byte[] previous, Map<String, ?> entry) {
        MessageDigest digest = sha256();
        digest.update(previous);
        return digest.digest(Json.canonical(entry).getBytes(StandardCharsets.UTF_8));
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
