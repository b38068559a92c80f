package io.tocsin.routing.internal.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key by which a receiver may drop repeats: of a person in an alert, of one step or relaunch, at one address. The person's answer
 * token, which only the platform can make, is its HMAC key: so nobody can guess it, and it gives the token away to nobody.
 */
final class RepeatKey {
    private static final int BYTES = 16;

    private RepeatKey() {}

    /** @param token of {@link io.tocsin.routing.api.AnswerLinks#token} @return 22 characters of base64url */
    static String of(String token, int rootWave, String address) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            mac.update(ByteBuffer.allocate(4).putInt(rootWave).flip());
            byte[] whole = mac.doFinal(address.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }
}
