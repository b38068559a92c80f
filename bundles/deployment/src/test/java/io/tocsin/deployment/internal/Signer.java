package io.tocsin.deployment.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A key and its certificate, made and used by the JDK's own tools. */
final class Signer {
    private static final String PASSWORD = "for-tests-only";

    private final Path store;
    private final String alias;

    private Signer(Path store, String alias) {
        this.store = store;
        this.alias = alias;
    }

    /** Signed by itself. @param options of keytool: {@code -startdate -9d}, {@code -ext bc:c} */
    static Signer of(Path folder, String name, String... options) throws IOException, InterruptedException {
        Signer made = new Signer(folder.resolve(name + ".p12"), name);
        made.keytool(with(
                List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name), options));
        return made;
    }

    /** With a certificate that this one issues. */
    Signer issues(Path folder, String name, String... options) throws IOException, InterruptedException {
        Signer child = of(folder, name);
        Path request = folder.resolve(name + ".csr");
        Path issued = folder.resolve(name + ".issued.pem");
        Path own = certificate(folder.resolve(alias + ".issuer.pem"));
        child.keytool(List.of("-certreq", "-file", request.toString()));
        keytool(with(
                List.of("-gencert", "-rfc", "-infile", request.toString(), "-outfile", issued.toString()), options));
        child.run("keytool", "-importcert", "-noprompt", "-alias", "issuer", "-file", own.toString());
        child.keytool(List.of("-importcert", "-noprompt", "-file", issued.toString()));
        return child;
    }

    Path certificate(Path to) throws IOException, InterruptedException {
        keytool(List.of("-exportcert", "-rfc", "-file", to.toString()));
        return to;
    }

    Path sign(Path jar, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(options));
        words.add(jar.toString());
        words.add(alias);
        run("jarsigner", words.toArray(String[]::new));
        return jar;
    }

    private void keytool(List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("-alias", alias));
        run("keytool", all.toArray(String[]::new));
    }

    private void run(String tool, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    private static List<String> with(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }
}
