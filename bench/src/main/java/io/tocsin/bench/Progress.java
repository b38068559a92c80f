package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A progress bar on a terminal; plain lines, one when a tenth more is reached or has answered, anywhere else. */
final class Progress {
    private static final int WIDTH = 40;

    private final PrintStream out;
    private final boolean terminal = System.getenv("TERM") != null && System.console() != null;
    private String shownTenths = "";
    private boolean open;

    Progress(PrintStream out) {
        this.out = out;
    }

    void show(JsonNode status) {
        JsonNode totals = status.get("totals");
        if (totals == null) {
            return;
        }
        long all = Math.max(1, totals.get("recipients").asLong());
        long answered = totals.get("answered").asLong();
        long reached = answered + totals.get("delivered").asLong();
        if (terminal) {
            int answeredCells = (int) (WIDTH * answered / all);
            int reachedCells = (int) (WIDTH * reached / all);
            out.print("\r[" + "█".repeat(answeredCells) + "▒".repeat(reachedCells - answeredCells)
                    + " ".repeat(WIDTH - reachedCells) + "] " + counts(totals) + " ");
            open = true;
        } else {
            String tenths = 10 * reached / all + "/" + 10 * answered / all;
            if (!tenths.equals(shownTenths)) {
                shownTenths = tenths;
                out.println(counts(totals));
            }
        }
        out.flush();
    }

    /** Says where everybody stands when it is over, whatever was shown last. */
    void last(JsonNode status) {
        show(status);
        line("at the end: " + counts(status.get("totals")).strip());
    }

    private static String counts(JsonNode totals) {
        long reached = totals.get("answered").asLong() + totals.get("delivered").asLong();
        return String.format(
                "%5.1f %% reached  answered %d  delivered %d  failed %d  unknown %d  pending %d",
                100.0 * reached / Math.max(1, totals.get("recipients").asLong()),
                totals.get("answered").asLong(),
                totals.get("delivered").asLong(),
                totals.get("failed").asLong(),
                totals.get("unknown").asLong(),
                totals.get("pending").asLong());
    }

    void line(String text) {
        end();
        out.println(text);
    }

    void end() {
        if (open) {
            out.println();
            open = false;
        }
    }

    static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
