package io.tocsin.tenants.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) in the PHC string form {@code $argon2id$v=19$m=…,t=…,p=…$salt$hash}. A stored hash is checked with the
 * cost it was made with, so the cost of new ones can rise. At most two are computed at a time: each holds 19 MiB.
 */
public final class PasswordHash {
    /** 19 MiB, two passes, one lane: the second choice of OWASP's table, about 50 ms on the reference machine. */
    private static final int MEMORY_KIB = 19_456;

    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{22,86})");
    private static final int MOST_MEMORY_KIB = 262_144;

    private final SecureRandom random = new SecureRandom();
    private final Semaphore permits = new Semaphore(2, true);
    private final String nobody = hash(Long.toString(random.nextLong()));

    public String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] hash = compute(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }

    /** Whether the password is the one; false for a string that is no Argon2id hash. Constant time in the hash. */
    public boolean verify(String password, String encoded) {
        Matcher parts = PHC.matcher(encoded);
        if (!parts.matches()) {
            verifyNobody(password);
            return false;
        }
        int memory = Integer.parseInt(parts.group(1));
        int passes = Integer.parseInt(parts.group(2));
        int lanes = Integer.parseInt(parts.group(3));
        if (memory > MOST_MEMORY_KIB || memory < 8 * lanes || passes < 1 || passes > 20 || lanes < 1) {
            return false;
        }
        byte[] expected = Base64.getDecoder().decode(parts.group(5));
        byte[] salt = Base64.getDecoder().decode(parts.group(4));
        return MessageDigest.isEqual(expected, compute(password, salt, memory, passes, lanes, expected.length));
    }

    /** Spends the time of a check for a login that does not exist, so that nobody learns which ones do. */
    void verifyNobody(String password) {
        verify(password, nobody);
    }

    private byte[] compute(String password, byte[] salt, int memoryKib, int passes, int lanes, int length) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        permits.acquireUninterruptibly();
        try {
            Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
            argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(passes)
                    .withParallelism(lanes)
                    .withSalt(salt)
                    .build());
            byte[] hash = new byte[length];
            argon2.generateBytes(bytes, hash);
            return hash;
        } finally {
            permits.release();
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
