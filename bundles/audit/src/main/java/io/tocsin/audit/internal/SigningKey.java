package io.tocsin.audit.internal;

import io.tocsin.audit.verify.Json;
import io.tocsin.audit.verify.Signatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;

/**
 * The Ed25519 key that signs evidence: {@code evidence-key.pem} (mode 0600) holds both halves, {@code
 * evidence-public.pem} is the one to publish. Made at first use; of several nodes on one folder all take the same.
 */
final class SigningKey {
    private static final String FILE = "evidence-key.pem";
    private static final String PUBLIC_FILE = "evidence-public.pem";

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private SigningKey(PrivateKey privateKey, byte[] publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** @throws IOException if the key can be neither read nor made there; names the file, never its content */
    static SigningKey in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            make(folder, file);
        }
        return read(file);
    }

    private static void make(Path folder, Path file) throws IOException {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            KeyPair pair = KeyPairGenerator.getInstance(Signatures.ALGORITHM).generateKeyPair();
            Path draft = Files.createTempFile(
                    folder,
                    "evidence",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(
                        draft,
                        pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                                + pem("PUBLIC KEY", pair.getPublic().getEncoded()));
                // a link fails where a move would replace: of two nodes starting at once, the first one's key stays
                Files.createLink(file, draft);
                Files.writeString(
                        folder.resolve(PUBLIC_FILE),
                        pem("PUBLIC KEY", pair.getPublic().getEncoded()));
            } catch (FileAlreadyExistsException e) {
                // the other node's key is read
            } catch (UnsupportedOperationException e) {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java platform cannot make an Ed25519 key", e);
        }
    }

    private static SigningKey read(Path file) throws IOException {
        try {
            String pem = Files.readString(file);
            PrivateKey key = KeyFactory.getInstance(Signatures.ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY")));
            return new SigningKey(key, block(pem, "PUBLIC KEY"));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file + " holds no Ed25519 key; put the right file back, or remove it to have a new key made");
        }
    }

    String id() {
        return Signatures.keyId(publicKey);
    }

    /** The content of {@code signature.json} for a manifest. */
    byte[] sign(byte[] manifest) throws IOException {
        try {
            Signature signature = Signature.getInstance(Signatures.ALGORITHM);
            signature.initSign(privateKey);
            signature.update(Signatures.signed(manifest));
            Map<String, Object> content = Map.of(
                    "algorithm", Signatures.ALGORITHM,
                    "keyId", id(),
                    "publicKey", Base64.getEncoder().encodeToString(publicKey),
                    "signature", Base64.getEncoder().encodeToString(signature.sign()));
            return (Json.canonical(content) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IOException("the evidence key cannot sign", e);
        }
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }

    private static byte[] block(String pem, String type) {
        String begin = "-----BEGIN " + type + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + type + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + type);
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }
}
