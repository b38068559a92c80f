package io.tocsin.persistence.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a killed test run leaves must not fail the next one. */
class TestFoldersTest {
    /** Above the largest pid of Linux. */
    private static final long NOBODY = 4_194_305;

    @Test
    void sweepsTheFolderOfAServerOfAnotherVersionThatIsGone() throws Exception {
        TestFolders folders = TestFolders.ofThisMachine();
        Path left = leftBehind(folders, Long.toString(NOBODY));
        folders.emptyRun().close();
        assertThat(left).doesNotExist();
    }

    @Test
    void endsAServerThatStillRunsThereAndNobodyElse() throws Exception {
        TestFolders folders = TestFolders.ofThisMachine();
        Process stranger = new ProcessBuilder("env", "--default-signal=QUIT", "tail", "-f", "/dev/null").start();
        Path beside = leftBehind(folders, Long.toString(stranger.pid()));
        Path left = leftBehind(folders, "");
        Process server = new ProcessBuilder("env", "--default-signal=QUIT", "tail", "-f", "/dev/null")
                .directory(left.resolve("data").toFile())
                .start();
        Files.writeString(left.resolve("data/postmaster.pid"), server.pid() + "\n");
        try {
            folders.emptyRun().close();
            assertThat(server.isAlive()).isFalse();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(left).doesNotExist();
            assertThat(beside).doesNotExist();
        } finally {
            server.destroyForcibly();
            stranger.destroyForcibly();
        }
    }

    private static Path leftBehind(TestFolders folders, String pid) throws IOException {
        Path folder = Files.createTempDirectory(folders.base().resolve("runs"), "left-");
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        Files.writeString(data.resolve("postmaster.pid"), pid + "\n");
        return folder;
    }
}
