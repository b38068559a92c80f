package io.tocsin.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A program of the machine that ends when it is closed, and when this JVM ends, however it ends: a shell in a session of its own waits for the end
 * of its input, which the kernel makes when the JVM is gone, then kills the program and removes its folder. The shell killed, the kernel kills the
 * program too.
 */
public final class Supervised implements AutoCloseable {
    private static final String SHELL =
            """
            exec 3<&0
            setpriv --pdeathsig KILL -- "$@" </dev/null 3<&- &
            program=$!
            # Who read the errors may be gone: a word there ("Killed") shall not be this shell's last.
            trap '' PIPE
            (while read -r word <&3; do closed=$word; done
             [ -n "$closed" ] || touch "$SCRATCH/orphan"
             kill -KILL $program) >/dev/null 2>&1 &
            watch=$!
            exec 3<&-
            wait $program
            status=$?
            kill -KILL $watch
            [ ! -e "$SCRATCH/orphan" ] || rm -rf "$SCRATCH"
            exit $status
            """;

    private final Process shell;

    private Supervised(Process shell) {
        this.shell = shell;
    }

    /**
     * @param scratch removed when the JVM is gone; while it lives, its owner removes it
     * @param out where what the program prints goes
     */
    public static Supervised start(List<String> command, Path scratch, Redirect out, Redirect err) throws IOException {
        List<String> words = new ArrayList<>(List.of("setsid", "--wait", "sh", "-c", SHELL, "supervised"));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectOutput(out).redirectError(err);
        builder.environment().put("SCRATCH", scratch.toString());
        return new Supervised(builder.start());
    }

    public boolean alive() {
        return shell.isAlive();
    }

    /** Of the program itself. @param argument one only the program has, and those that stand before it until they become it */
    public OptionalLong pid(String argument) {
        return shell.descendants()
                .filter(each -> each.info().arguments().stream()
                        .anyMatch(arguments -> List.of(arguments).contains(argument)))
                .filter(each -> each.info()
                        .command()
                        .filter(command -> !command.endsWith("sh"))
                        .isPresent())
                .mapToLong(ProcessHandle::pid)
                .max();
    }

    /** What it prints on its error output, if that was left to be read. */
    InputStream errors() {
        return shell.getErrorStream();
    }

    /** Waits for its own end. */
    public boolean ended(Duration within) throws InterruptedException {
        return shell.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Kills it, without a word to it; returns when it is gone. */
    @Override
    public void close() throws IOException {
        try (OutputStream input = shell.getOutputStream()) {
            input.write("close\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // it ended before: nobody reads
        }
        try {
            if (!ended(Duration.ofSeconds(20))) {
                throw new IOException("process " + shell.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
