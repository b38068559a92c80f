package io.tocsin.bench.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A disk in memory that can be filled. Needs the right to mount a file system: root, or a sudo that does not ask. */
final class SmallDisk implements AutoCloseable {
    private static final int FREE_BLOCK = 64 * 1024;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** No disk could be mounted here: says why. */
    static final class NotMounted extends Exception {
        private static final long serialVersionUID = 1L;

        NotMounted(String why) {
            super(why);
        }
    }

    static SmallDisk mount(int megabytes) throws IOException, InterruptedException, NotMounted {
        Path folder = Files.createTempDirectory("tocsin-disk-");
        String why = privileged(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=" + megabytes + "m,mode=755,uid=" + userId(),
                "tmpfs",
                folder.toString());
        if (!why.isEmpty()) {
            Files.delete(folder);
            throw new NotMounted("no file system can be mounted here: " + why);
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new SmallDisk(folder);
    }

    Path database() {
        return folder.resolve("database");
    }

    /** Takes all the space there is; the most of it at once, for writing it takes longer than an alert. */
    void fill() throws IOException, InterruptedException {
        run(List.of(
                "fallocate",
                "-l",
                String.valueOf(folder.toFile().getUsableSpace()),
                folder.resolve("reserve").toString()));
        byte[] block = new byte[FREE_BLOCK];
        try (OutputStream out = Files.newOutputStream(ballast())) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (folder.toFile().getUsableSpace() >= FREE_BLOCK) {
                throw full;
            }
        }
    }

    void empty() throws IOException {
        Files.deleteIfExists(folder.resolve("reserve"));
        Files.delete(ballast());
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    @Override
    public void close() throws IOException {
        try {
            String why = privileged("umount", folder.toString());
            if (!why.isEmpty()) {
                throw new IOException("the disk is not let go: " + why);
            }
            Files.delete(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@link #close} where nobody can be told that it failed, unless it has been done. */
    void letGo() {
        try {
            if (Files.exists(folder)) {
                close();
            }
        } catch (IOException e) {
            System.err.println("tocsin: " + e.getMessage());
        }
    }

    private static String userId() throws IOException, InterruptedException {
        Process id = new ProcessBuilder("id", "-u").start();
        String out = new String(id.getInputStream().readAllBytes()).strip();
        id.waitFor();
        return out;
    }

    /** As whoever we are, else by sudo. @return empty when done, else what was said */
    private static String privileged(String... command) throws IOException, InterruptedException {
        String said = run(List.of(command));
        if (said.isEmpty() || userId().equals("0")) {
            return said;
        }
        try {
            List<String> sudo = new ArrayList<>(List.of("sudo", "-n"));
            sudo.addAll(List.of(command));
            return run(sudo);
        } catch (IOException noSudo) {
            return said;
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        int status = process.waitFor();
        return status == 0 ? "" : said.isEmpty() ? command.get(0) + " ended with " + status : said;
    }
}
