package io.tocsin.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a node's process holds: heap and metaspace in use after a full collection, asked of the JVM itself by {@code jcmd};
 * threads, open files and resident memory, as the kernel counts them (proc(5)).
 */
record NodeVitals(double heapMiB, double metaspaceMiB, int threads, int openFiles, double residentMiB) {
    private static final Pattern HEAP = Pattern.compile("(?:garbage-first heap|def new generation).*? used (\\d+)K");
    private static final Pattern METASPACE = Pattern.compile("Metaspace +used (\\d+)K");
    private static final int LOOKS = 3;

    /** Collects and looks three times, and keeps the smallest heap: what a moment had in flight is nobody's growth. */
    static NodeVitals of(long pid) throws IOException, InterruptedException {
        double heap = Double.MAX_VALUE;
        String report = "";
        for (int i = 0; i < LOOKS; i++) {
            jcmd(pid, "GC.run");
            report = jcmd(pid, "GC.heap_info");
            heap = Math.min(heap, mebibytes(HEAP, report));
        }
        Path process = Path.of("/proc", String.valueOf(pid));
        String status = Files.readString(process.resolve("status"));
        return new NodeVitals(
                heap,
                mebibytes(METASPACE, report),
                (int) number(Pattern.compile("Threads:\\s+(\\d+)"), status),
                openFiles(process.resolve("fd")),
                mebibytes(Pattern.compile("VmRSS:\\s+(\\d+)"), status));
    }

    private static int openFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.count();
        }
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(pid),
                        command)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + " of process " + pid + " failed: " + out.strip());
        }
        return out;
    }

    private static double mebibytes(Pattern kibibytes, String text) {
        return Math.round(number(kibibytes, text) / 1024.0 * 10) / 10.0;
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return Long.parseLong(found.group(1));
    }
}
