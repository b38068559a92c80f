package io.tocsin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time of a process and all that descend from it, read from {@code /proc} (proc(5)). */
final class Processes {
    private static final double TICKS_PER_SECOND = 100.0;

    private Processes() {}

    /** Seconds of CPU, user and system, that a process and its living descendants have used. */
    static double cpuSeconds(long pid) {
        double sum = own(pid);
        List<ProcessHandle> children =
                ProcessHandle.of(pid).map(p -> p.descendants().toList()).orElse(List.of());
        for (ProcessHandle child : children) {
            sum += own(child.pid());
        }
        return sum;
    }

    private static double own(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // utime, stime, and those of children already waited for
            return (Long.parseLong(fields[11])
                            + Long.parseLong(fields[12])
                            + Long.parseLong(fields[13])
                            + Long.parseLong(fields[14]))
                    / TICKS_PER_SECOND;
        } catch (IOException gone) {
            return 0;
        }
    }
}
