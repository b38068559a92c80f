package io.tocsin.directory.internal.value;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The key of a person whose tenant gives none: the same name and first address give the same key in every import, on
 * every node. A person who changes both is a new person.
 */
public final class ContactKey {
    private ContactKey() {}

    public static String derived(String firstName, String lastName, String address) {
        String identity = CleanText.key(lastName) + "\n" + CleanText.key(firstName) + "\n" + address;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return "auto-" + HexFormat.of().formatHex(hash, 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
