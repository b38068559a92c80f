package io.tocsin.persistence.internal.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The server's settings, written anew at each start; the last word is the operator's {@code postgresql.auto.conf}. */
final class ServerSettings {

    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final long LEAST_MIB = 128;
    private static final long MOST_MIB = 1024;

    private ServerSettings() {}

    /** @param overrides for tests: name to value */
    static String text(int port, Path log, Map<String, String> overrides) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        // Reached from this machine only, by password only.
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", "");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("max_connections", "100");
        // An intent that was committed is on the disk: law 2.
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        // Two cores shared with the node; the ledger is appended in bursts of a million rows.
        settings.put("shared_buffers", sharedBuffers(Files.readString(MEMORY)));
        settings.put("work_mem", "16MB");
        settings.put("maintenance_work_mem", "128MB");
        settings.put("effective_cache_size", "1GB");
        settings.put("random_page_cost", "1.1");
        settings.put("max_worker_processes", "4");
        settings.put("max_parallel_workers_per_gather", "1");
        settings.put("jit", "off");
        settings.put("wal_compression", "pglz");
        settings.put("wal_buffers", "16MB");
        settings.put("min_wal_size", "512MB");
        settings.put("max_wal_size", "2GB");
        settings.put("checkpoint_timeout", "15min");
        settings.put("checkpoint_completion_target", "0.9");
        // A node that died mid-transaction must not hold rows for two hours (the kernel's default).
        settings.put("tcp_keepalives_idle", "30");
        settings.put("tcp_keepalives_interval", "10");
        settings.put("tcp_keepalives_count", "3");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        // No personal data: neither statements, nor their parameters, nor the row that broke a constraint.
        settings.put("log_min_error_statement", "panic");
        settings.put("log_error_verbosity", "terse");
        settings.put("log_parameter_max_length", "0");
        settings.put("log_parameter_max_length_on_error", "0");
        settings.put("log_checkpoints", "off");
        settings.put("logging_collector", "on");
        settings.put("log_directory", log.toString());
        settings.put("log_filename", "postgresql-%a.log");
        settings.put("log_truncate_on_rotation", "on");
        settings.put("log_rotation_age", "1d");
        settings.put("log_rotation_size", "0");
        settings.putAll(overrides);
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = '" + setting.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining(
                        "", "# Written by the node at each start: change postgresql.auto.conf\n", ""));
    }

    /**
     * An eighth of the machine's memory, within bounds: it is shared with the node, and beyond a gigabyte a launch gains
     * nothing.
     *
     * @param meminfo what proc(5) says of the memory
     */
    static String sharedBuffers(String meminfo) {
        Matcher total = TOTAL.matcher(meminfo);
        long mib = total.find() ? Long.parseLong(total.group(1)) / 1024 / 8 : LEAST_MIB;
        return Math.max(LEAST_MIB, Math.min(MOST_MIB, mib)) + "MB";
    }
}
