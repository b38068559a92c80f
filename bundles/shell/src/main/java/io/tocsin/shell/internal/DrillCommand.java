package io.tocsin.shell.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Drills;
import io.tocsin.audit.api.Drills.Drill;
import io.tocsin.audit.api.Drills.Runbook;
import io.tocsin.audit.api.Drills.Standing;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:drill}: the last drill of each runbook; records one that is over. */
@Service
@Command(scope = "tocsin", name = "drill", description = "Shows the last drill of each runbook, or records one")
public final class DrillCommand implements Action {
    @Reference
    private Drills drills;

    @Argument(index = 0, name = "action", description = "list (also when left out), done or failed")
    @Completion(
            value = StringsCompleter.class,
            values = {"list", "done", "failed"})
    private String action = "list";

    @Argument(index = 1, name = "runbook", description = "Which one was drilled")
    @Completion(
            value = StringsCompleter.class,
            values = {"planned-switch", "site-lost", "link-cut", "site-cut-off", "return", "rolling-upgrade", "restore"
            })
    private String runbook;

    @Option(name = "--seconds", description = "What was measured: until what the runbook promises was so")
    private Double seconds;

    @Option(name = "--note", description = "For those who read it later")
    private String note = "";

    @Override
    public Object execute() throws CommandException {
        switch (action) {
            case "list" -> list();
            case "done" -> record(true);
            case "failed" -> record(false);
            default -> throw new CommandException("no action " + action + "; list, done or failed");
        }
        return null;
    }

    private void list() {
        ShellTable table = new ShellTable();
        for (String column : new String[] {"runbook", "last drill", "by", "result", "seconds", "note"}) {
            table.column(column);
        }
        for (Standing standing : drills.standings()) {
            Optional<Drill> last = standing.last();
            table.addRow()
                    .addContent(
                            standing.runbook().word(),
                            last.map(drill -> drill.at()
                                            .truncatedTo(ChronoUnit.MINUTES)
                                            .toString())
                                    .orElse("never"),
                            last.map(Drill::actor).orElse(""),
                            last.map(drill -> drill.worked() ? "worked" : "failed")
                                            .orElse("")
                                    + (standing.overdue() ? " (overdue)" : ""),
                            last.flatMap(Drill::took)
                                    .map(took -> String.valueOf(took.toMillis() / 1000.0))
                                    .orElse(""),
                            last.map(Drill::note).orElse(""));
        }
        table.print(System.out);
    }

    /** Whoever is told no reads it as a failed command: it may be a script that records. */
    private void record(boolean worked) throws CommandException {
        Runbook drilled = Runbook.of(runbook == null ? "" : runbook)
                .orElseThrow(() -> new CommandException("which runbook? "
                        + Arrays.stream(Runbook.values()).map(Runbook::word).collect(Collectors.joining(", "))));
        if (seconds != null && !(seconds >= 0 && seconds <= Drills.MAX_TOOK.toSeconds())) {
            throw new CommandException("--seconds: from 0 to " + Drills.MAX_TOOK.toSeconds());
        }
        drills.record(
                drilled,
                worked,
                Optional.ofNullable(seconds).map(n -> Duration.ofMillis(Math.round(n * 1000))),
                note.strip(),
                new Actor("console", "console", "console"));
        System.out.println(drilled.word() + ": " + (worked ? "worked" : "failed") + ", recorded");
    }
}
