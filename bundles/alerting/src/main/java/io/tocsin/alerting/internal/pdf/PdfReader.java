package io.tocsin.alerting.internal.pdf;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Documents.DocumentException;
import io.tocsin.alerting.api.Documents.DocumentException.Reason;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Has a PDF that somebody brought drawn by another process, {@link PdfProof}, of bounded memory and time, one at a time: whatever is in it,
 * this node's memory is not touched. What that process can draw, channel-fax can.
 */
@Component(service = PdfReader.class)
public final class PdfReader {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** For those before; who brings one meanwhile waits at the door. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int MOST_MEBIBYTES = 256;
    private static final int LONGEST_SAID = 100;
    private static final int OUT_OF_MEMORY = 3;
    /** Where the build puts what the other process is made of; on no class path of this one. */
    private static final String JARS = "proof/";

    private static final String PROOF = "PdfProof";

    /** What the other process is made of. */
    interface ClassPath {
        String written() throws IOException;
    }

    private final ClassPath classPath;
    private final Duration limit;
    private final Semaphore turn = new Semaphore(1, true);
    /** Written when the first document comes; empty before. Belongs to whose turn it is. */
    private String written = "";

    @Activate
    public PdfReader(BundleContext bundle) {
        this(() -> unpacked(bundle), LIMIT);
    }

    PdfReader(ClassPath classPath, Duration limit) {
        this.classPath = classPath;
        this.limit = limit;
    }

    /** Outside a container: with the classes this process was started with. */
    public static PdfReader ofThisClassPath() {
        return new PdfReader(() -> System.getProperty("java.class.path"), LIMIT);
    }

    private static String unpacked(BundleContext bundle) throws IOException {
        Path folder = bundle.getBundle().getDataFile("proof").toPath();
        String own = PdfReader.class.getPackageName().replace('.', '/') + "/";
        Path classes = folder.resolve("classes").resolve(own);
        Files.createDirectories(classes);
        copy(PdfReader.class.getResource(PROOF + ".class"), classes.resolve(PROOF + ".class"));
        List<Path> path = new ArrayList<>(List.of(folder.resolve("classes")));
        for (String jar : List.of("pdfbox.jar", "pdfbox-io.jar", "fontbox.jar", "commons-logging.jar")) {
            copy(bundle.getBundle().getEntry(JARS + jar), folder.resolve(jar));
            path.add(folder.resolve(jar));
        }
        return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static void copy(URL from, Path to) throws IOException {
        try (InputStream in = from.openStream()) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * How many pages a file has, each of which could be drawn. Blocks for seconds, for two minutes at most.
     *
     * @throws DocumentException when it cannot be used; names the cure
     */
    public int pages(Path file) throws DocumentException {
        try {
            if (!turn.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DocumentException(
                        Reason.READER, "other documents are being looked at: bring it again in a minute");
            }
            try {
                return read(file);
            } finally {
                turn.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DocumentException(Reason.READER, "the node stops: bring it again once it runs", e);
        }
    }

    private int read(Path file) throws DocumentException, InterruptedException {
        Process process = start(file);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DocumentException(
                        Reason.TOO_HEAVY,
                        "takes more than " + limit.toSeconds() + " s to draw: save it with fewer or simpler pages");
            }
            return pages(process.exitValue(), said(process));
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(Path file) throws DocumentException {
        try {
            if (written.isEmpty()) {
                written = classPath.written();
            }
            Process process = command(file).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new DocumentException(
                    Reason.READER, "no process can be started on this node to look at it: tell the operator", e);
        }
    }

    private ProcessBuilder command(Path file) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + MOST_MEBIBYTES + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-cp",
                written,
                PdfReader.class.getPackageName() + "." + PROOF,
                file.toString(),
                Integer.toString(Documents.MOST_PAGES));
        builder.environment().clear();
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private static String said(Process process) {
        try (InputStream out = process.getInputStream()) {
            return new String(out.readNBytes(LONGEST_SAID), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int pages(int exit, String said) throws DocumentException {
        if (exit == OUT_OF_MEMORY || said.startsWith("Terminating due to java.lang.OutOfMemoryError")) {
            throw new DocumentException(
                    Reason.TOO_HEAVY,
                    "takes more than " + MOST_MEBIBYTES
                            + " MiB to draw: save it with smaller images, 300 dots an inch");
        }
        switch (said) {
            case "encrypted" ->
                throw new DocumentException(Reason.ENCRYPTED, "is encrypted: save it without a password");
            case "damaged" ->
                throw new DocumentException(
                        Reason.DAMAGED, "is damaged or was cut off: open it, save it anew, and bring that");
            case "empty" -> throw new DocumentException(Reason.EMPTY, "has no page");
            case "too-many-pages" ->
                throw new DocumentException(
                        Reason.TOO_MANY_PAGES, "has more than " + Documents.MOST_PAGES + " pages: bring fewer");
            default -> {
                if (exit == 0 && said.matches("[1-9][0-9]{0,2}")) {
                    return Integer.parseInt(said);
                }
                throw new DocumentException(
                        Reason.READER, "could not be looked at on this node (exit " + exit + "): tell the operator");
            }
        }
    }
}
