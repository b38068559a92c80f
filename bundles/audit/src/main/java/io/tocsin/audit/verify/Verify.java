package io.tocsin.audit.verify;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * Checks an evidence package without the platform: {@code java -cp audit.jar io.tocsin.audit.verify.Verify [--json]
 * [--key ID-OR-FILE] FILE}. Exit 0: intact; 1: touched (names the part and the record); 2: not an evidence package, or
 * not called right. Needs nothing but a JDK.
 */
public final class Verify {

    private Verify() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        boolean json = false;
        Optional<String> key = Optional.empty();
        Optional<Path> file = Optional.empty();
        try {
            for (int i = 0; i < arguments.length; i++) {
                switch (arguments[i]) {
                    case "--json" -> json = true;
                    case "--key" -> key = Optional.of(keyId(i + 1 < arguments.length ? arguments[++i] : ""));
                    default -> file = Optional.of(Path.of(arguments[i]));
                }
            }
            if (file.isEmpty() || !Files.isRegularFile(file.get())) {
                err.println(file.map(path -> "verify: no file " + path)
                        .orElse("usage: verify [--json] [--key ID-OR-FILE] FILE"));
                return 2;
            }
            Verdict verdict = PackageVerifier.verify(file.get(), key);
            say(verdict, key, err);
            if (json) {
                out.println(verdict.json());
            }
            return verdict.exitCode();
        } catch (IOException | IllegalArgumentException e) {
            err.println("verify: " + e.getMessage());
            return 2;
        }
    }

    private static void say(Verdict verdict, Optional<String> key, PrintStream err) {
        if (verdict.intact()) {
            err.println("INTACT: " + verdict.records() + " records"
                    + (verdict.variant().equals("masked") ? " without names and addresses" : "") + ", signed by key "
                    + verdict.keyId()
                    + (key.isPresent() ? " as expected" : " (compare it with the key the platform published)"));
            return;
        }
        err.println(verdict.recognised() ? "ALTERED:" : "NOT AN EVIDENCE PACKAGE:");
        verdict.findings().forEach(finding -> err.println("  " + finding.where() + " " + finding.problem()));
    }

    /** A key's id as it is, or of the PEM file that holds the public key. */
    private static String keyId(String written) throws IOException {
        if (written.matches("[0-9a-f]{16}")) {
            return written;
        }
        Path file = Path.of(written);
        if (written.isEmpty() || !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("--key takes the 16 hex digits of a key's id, or its PEM file");
        }
        String pem = Files.readString(file);
        int from = pem.indexOf("-----BEGIN PUBLIC KEY-----");
        int to = pem.indexOf("-----END PUBLIC KEY-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("there is no public key in " + written);
        }
        return Signatures.keyId(Base64.getMimeDecoder().decode(pem.substring(from + 26, to)));
    }
}
