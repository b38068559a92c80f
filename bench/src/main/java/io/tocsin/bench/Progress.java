package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A progress bar on a terminal; plain lines, one when a tenth more is done, anywhere else. */
final class Progress {
    private static final int WIDTH = 40;

    private final PrintStream out;
    private final boolean terminal = System.getenv("TERM") != null && System.console() != null;
    private int shownTenths = -1;
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
        String counts = String.format(
                "%5.1f %% reached  answered %d  delivered %d  failed %d  unknown %d  pending %d",
                100.0 * reached / all,
                answered,
                totals.get("delivered").asLong(),
                totals.get("failed").asLong(),
                totals.get("unknown").asLong(),
                totals.get("pending").asLong());
        if (terminal) {
            int answeredCells = (int) (WIDTH * answered / all);
            int reachedCells = (int) (WIDTH * reached / all);
            out.print("\r[" + "█".repeat(answeredCells) + "▒".repeat(reachedCells - answeredCells)
                    + " ".repeat(WIDTH - reachedCells) + "] " + counts + " ");
            open = true;
        } else {
            int tenths = (int) (10 * reached / all);
            if (tenths != shownTenths) {
                shownTenths = tenths;
                out.println(counts);
            }
        }
        out.flush();
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
