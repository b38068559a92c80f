package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;

/** One shell for everything that is typed, as the reader of a page has; what fails ends it. Closing ends all it started. */
final class Terminal implements AutoCloseable {
    private final Path folder;
    private final Process shell;
    private int typed;

    /**
     * @param desk where the shell stands at first
     * @param folder for what is typed and what comes out
     */
    Terminal(Path desk, Path folder, Map<String, String> environment) throws IOException {
        this.folder = Files.createDirectories(folder);
        ProcessBuilder builder = new ProcessBuilder("bash", "-e").directory(desk.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output().toFile());
        this.shell = builder.start();
    }

    /**
     * Types commands and waits until they are done.
     *
     * @return what they said
     * @throws AssertionError with what they said, when one fails or all take too long
     */
    String type(String what, String commands) throws IOException {
        long before = Files.size(output());
        Path script = folder.resolve(++typed + ".sh");
        Path done = folder.resolve(typed + ".done");
        Files.writeString(script, commands);
        shell.getOutputStream()
                .write(". %s </dev/null\ntouch %s\n".formatted(script, done).getBytes());
        shell.getOutputStream().flush();
        try {
            Awaitility.await(what).atMost(Desk.LIMIT).until(() -> Files.exists(done) || !shell.isAlive());
        } catch (RuntimeException e) {
            throw new AssertionError(said(before), e);
        }
        String said = said(before);
        assertThat(done).as("%s:\n%s\n%s", what, commands, said).exists();
        return said;
    }

    private String said(long from) throws IOException {
        byte[] all = Files.readAllBytes(output());
        return new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
    }

    private Path output() {
        return folder.resolve("terminal.log");
    }

    @Override
    public void close() {
        shell.descendants().forEach(ProcessHandle::destroy);
        shell.destroy();
        try {
            shell.getOutputStream().close();
            shell.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
