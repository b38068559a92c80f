package io.tocsin.channel.webhook.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys one receiver knows us by, and the signatures made with them: Standard Webhooks 1.0.0, section "Signature scheme",
 * symmetric ({@code v1}). Several while a secret is being replaced: the receiver takes any that fits.
 */
final class SigningKeys {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKey> keys;

    private SigningKeys(List<SecretKey> keys) {
        this.keys = keys;
    }

    /**
     * @param written one secret or several, separated by spaces
     * @throws IllegalArgumentException saying what is wrong, without the secret
     */
    static SigningKeys of(String written) {
        List<SecretKey> keys = new ArrayList<>();
        for (String one : written.strip().split("\\s+")) {
            if (!one.startsWith(PREFIX)) {
                throw new IllegalArgumentException("a secret does not begin with " + PREFIX);
            }
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(one.substring(PREFIX.length()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("what follows " + PREFIX + " is no base64");
            }
            if (bytes.length < 24 || bytes.length > 64) {
                throw new IllegalArgumentException("a secret has " + bytes.length + " bytes and not 24 to 64");
            }
            keys.add(new SecretKeySpec(bytes, ALGORITHM));
        }
        return new SigningKeys(List.copyOf(keys));
    }

    /** The value of {@code webhook-signature}. */
    String sign(String id, Instant at, byte[] body) {
        byte[] before = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
        List<String> signatures = new ArrayList<>();
        for (SecretKey key : keys) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                mac.update(before);
                signatures.add("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JVM has " + ALGORITHM, e);
            }
        }
        return String.join(" ", signatures);
    }

    @Override
    public String toString() {
        return "SigningKeys[" + keys.size() + "]";
    }
}
