package io.tocsin.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a node's process holds: the bytes of all living objects and the metaspace in use, asked of the JVM itself by
 * {@code jcmd}, as are the class loaders of bundles; threads, open files and resident memory, as the kernel counts them (proc(5)).
 */
record NodeVitals(
        double heapMiB, double metaspaceMiB, int classLoaders, int threads, int openFiles, double residentMiB) {
    private static final Pattern LIVING = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
    private static final Pattern LOADERS =
            Pattern.compile("(?m)^ *\\d+: +(\\d+) .*BundleWiringImpl\\$BundleClassLoader");
    private static final Pattern THREAD = Pattern.compile("(?m)^\"(.*?)\" #");
    private static final Pattern METASPACE = Pattern.compile("Metaspace +used (\\d+)K");
    private static final int LOOKS = 3;

    /**
     * Counts three times and keeps the smallest heap: what a moment had in flight is nobody's growth. The histogram is taken
     * within a full collection; what the heap says a moment after one is mostly what was allocated since.
     */
    static NodeVitals of(long pid) throws IOException, InterruptedException {
        long heap = Long.MAX_VALUE;
        int loaders = Integer.MAX_VALUE;
        for (int i = 0; i < LOOKS; i++) {
            String living = jcmd(pid, "GC.class_histogram");
            heap = Math.min(heap, number(LIVING, living));
            loaders = Math.min(loaders, (int) number(LOADERS, living));
        }
        Path process = Path.of("/proc", String.valueOf(pid));
        String status = Files.readString(process.resolve("status"));
        return new NodeVitals(
                mebibytes(heap / 1024.0),
                mebibytes(METASPACE, jcmd(pid, "GC.heap_info")),
                loaders,
                (int) number(Pattern.compile("Threads:\\s+(\\d+)"), status),
                openFiles(process.resolve("fd")),
                mebibytes(Pattern.compile("VmRSS:\\s+(\\d+)"), status));
    }

    /** Living threads of the JVM by their names without numbers. */
    static Map<String, Long> threadsByKind(long pid) throws IOException, InterruptedException {
        Map<String, Long> kinds = new TreeMap<>();
        Matcher names = THREAD.matcher(jcmd(pid, "Thread.print"));
        while (names.find()) {
            kinds.merge(names.group(1).replaceAll("[0-9]+", "#"), 1L, Long::sum);
        }
        return kinds;
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
        return mebibytes(number(kibibytes, text));
    }

    private static double mebibytes(double kibibytes) {
        return Math.round(kibibytes / 1024 * 10) / 10.0;
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return Long.parseLong(found.group(1));
    }
}
