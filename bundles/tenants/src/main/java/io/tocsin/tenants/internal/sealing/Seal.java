package io.tocsin.tenants.internal.sealing;

import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.tenants.internal.sealing.SealingKeys.UnusableKeyException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals a secret for one setting of one account and opens it for that one only: AES-256-GCM (NIST SP 800-38D), a fresh nonce of 96 random bits for each
 * seal. Its associated data say whose the account is, which, its channel and everything its settings say: what was sealed for one host is not
 * opened for another, whoever changed the row and however. Decision 47.
 */
final class Seal {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] FORM = "tocsin-sealed-secret-1".getBytes(StandardCharsets.US_ASCII);

    private final SealingKeys keys;
    private final SecureRandom random;

    Seal(SealingKeys keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** What is kept of a secret; of no use without the key. */
    record Closed(String keyId, byte[] nonce, byte[] sealed) {}

    Closed close(String keyId, CarrierAccount account, String setting, byte[] secret) throws UnusableKeyException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys.key(keyId), nonce);
            cipher.updateAAD(bound(account, setting));
            return new Closed(keyId, nonce, cipher.doFinal(secret));
        } catch (GeneralSecurityException e) {
            throw withoutCipher(e);
        }
    }

    /** @throws UnopenableException saying why, and the cure: nothing of the secret */
    byte[] open(Closed closed, CarrierAccount account, String setting) throws UnopenableException {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, keys.key(closed.keyId()), closed.nonce());
            cipher.updateAAD(bound(account, setting));
            return cipher.doFinal(closed.sealed());
        } catch (UnusableKeyException e) {
            throw new UnopenableException("is sealed under key \"" + closed.keyId() + "\", which " + e.getMessage());
        } catch (AEADBadTagException e) {
            throw new UnopenableException("does not open under key \"" + closed.keyId()
                    + "\": the account's settings are not those it was typed for, or the file of that key holds another;"
                    + " type the secret again");
        } catch (GeneralSecurityException e) {
            throw withoutCipher(e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private static IllegalStateException withoutCipher(GeneralSecurityException e) {
        return new IllegalStateException("this Java cannot do AES-256-GCM", e);
    }

    /** Each part with its length, so that no two accounts are written the same. */
    private static byte[] bound(CarrierAccount account, String setting) {
        ByteArrayOutputStream bound = new ByteArrayOutputStream();
        bound.writeBytes(FORM);
        put(bound, Integer.toString(account.agencyId()));
        put(bound, account.tenantId().map(String::valueOf).orElse(""));
        put(bound, Integer.toString(account.id()));
        put(bound, setting);
        put(bound, account.channel());
        for (Map.Entry<String, String> each : new TreeMap<>(account.settings()).entrySet()) {
            put(bound, each.getKey());
            put(bound, each.getValue());
        }
        return bound.toByteArray();
    }

    private static void put(ByteArrayOutputStream to, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        to.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        to.writeBytes(bytes);
    }

    static void wipe(byte[] secret) {
        Arrays.fill(secret, (byte) 0);
    }

    /** A sealed secret cannot be opened; the message says why, and the cure. */
    static final class UnopenableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnopenableException(String message) {
            super(message);
        }
    }
}
