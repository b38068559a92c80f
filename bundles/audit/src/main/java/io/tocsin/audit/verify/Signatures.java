package io.tocsin.audit.verify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** What is signed of a package, and how a public key is named. Ed25519 (RFC 8032). */
public final class Signatures {
    public static final String ALGORITHM = "Ed25519";

    private Signatures() {}

    /** What the signature is over: a domain of its own, then the hash of the manifest. */
    public static byte[] signed(byte[] manifest) {
        String hash = HexFormat.of().formatHex(EntryHash.sha256().digest(manifest));
        return ("tocsin-evidence-1\n" + hash + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The first 16 hex digits of SHA-256 over the public key (X.509 SubjectPublicKeyInfo). */
    public static String keyId(byte[] publicKey) {
        MessageDigest digest = EntryHash.sha256();
        return HexFormat.of().formatHex(digest.digest(publicKey), 0, 8);
    }

    static boolean right(byte[] manifest, String publicKey, String signature) {
        try {
            byte[] key = strict(publicKey);
            byte[] signed = strict(signature);
            PublicKey decoded = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(key));
            if (!Arrays.equals(decoded.getEncoded(), key)) {
                return false;
            }
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(decoded);
            verifier.update(signed(manifest));
            return verifier.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Base64 that has one way to be written: the bits that padding leaves over must be zero. */
    static byte[] strict(String base64) {
        byte[] decoded = Base64.getDecoder().decode(base64);
        if (!Base64.getEncoder().encodeToString(decoded).equals(base64)) {
            throw new IllegalArgumentException("not canonical Base64");
        }
        return decoded;
    }
}
