package io.tocsin.bench.chaos;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What is done to a running alert. Each is either struck, once or several times, or held from before the launch to the end. */
public enum Fault {
    DATABASE_STOPPED("database-stopped", 1, "PostgreSQL is told to stop (SIGINT)", DatabaseFaults::stop),
    DATABASE_KILLED("database-killed", 1, "PostgreSQL is killed (SIGKILL)", DatabaseFaults::kill),
    BACKENDS_KILLED(
            "backends-killed",
            1,
            "all of the node's connections are terminated, again and again",
            DatabaseFaults::backends),
    CONNECTIONS_EXHAUSTED(
            "connections-exhausted",
            1,
            "every connection the server has is taken, the node's own first terminated",
            DatabaseFaults::connections),
    NODE_KILLED("node-killed", 3, "the node is killed (SIGKILL) and started again, three times", NodeFaults::kill),
    DISK_FULL("disk-full", 1, "the disk of the database fills up, and is emptied", NodeFaults::fillDisk),
    SOCKETS_DROPPED("sockets-dropped", 3, "the carrier drops all connections, three times", NodeFaults::dropSockets),
    SNAPSHOT_HELD(
            "snapshot-held", "a REPEATABLE READ snapshot is held during the whole alert", DatabaseFaults::snapshot),
    HEAVY_READERS(
            "heavy-readers",
            1,
            "totals, pages of people and evidence are asked of the API, and large scans of the database",
            Readers::read);

    /** Does harm. */
    interface Strike {
        /** @return the moment ({@link System#nanoTime}) at which the harm was over; what is done after is repair */
        long on(Site site, long alert) throws Exception;
    }

    /** Does harm until it is closed. */
    interface Hold {
        AutoCloseable on(Site site) throws Exception;
    }

    private final String word;
    private final int times;
    private final String meaning;
    private final Strike strike;
    private final Hold hold;

    Fault(String word, int times, String meaning, Strike strike) {
        this.word = word;
        this.times = times;
        this.meaning = meaning;
        this.strike = strike;
        this.hold = null;
    }

    Fault(String word, String meaning, Hold hold) {
        this.word = word;
        this.times = 0;
        this.meaning = meaning;
        this.strike = null;
        this.hold = hold;
    }

    /** The fault of a name as the command line has it. @throws IllegalArgumentException with the names there are */
    static Fault of(String word) {
        return Arrays.stream(values())
                .filter(fault -> fault.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fault '" + word + "'; there are "
                        + Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "))));
    }

    public String word() {
        return word;
    }

    String meaning() {
        return meaning;
    }

    /** How often it is struck in one alert; 0 when it is held. */
    int times() {
        return times;
    }

    boolean held() {
        return hold != null;
    }

    long strike(Site site, long alert) throws Exception {
        return strike.on(site, alert);
    }

    AutoCloseable hold(Site site) throws Exception {
        return hold.on(site);
    }
}
