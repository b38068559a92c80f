package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.WebApplicationException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {
    private static final int MOST = 200_000;

    @TempDir
    Path folder;

    private Uploads uploads;

    @BeforeEach
    void prepare() throws IOException {
        uploads = new Uploads(folder, MOST);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    /** As the container reads of a client that left. */
    private static InputStream leavingAfter(int bytes) {
        return new SequenceInputStream(new ByteArrayInputStream(new byte[bytes]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new EOFException("early EOF");
            }
        });
    }

    @Test
    void whatArrivesWholeIsKeptUntilItIsClosed() throws IOException {
        try (Uploads.Upload upload = uploads.receive(new ByteArrayInputStream(new byte[MOST]))) {
            assertThat(upload.file()).hasSize(MOST);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void ofAClientWhoLeavesMidwayNothingIsKept() throws IOException {
        for (int sent : List.of(0, 1, 64 * 1024, 64 * 1024 + 1, MOST - 1)) {
            assertThatThrownBy(() -> uploads.receive(leavingAfter(sent)))
                    .as("after %d bytes", sent)
                    .isInstanceOf(EOFException.class);
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void ofWhatIsTooLargeOrEmptyNothingIsKept() throws IOException {
        assertThatThrownBy(() -> uploads.receive(new ByteArrayInputStream(new byte[MOST + 1])))
                .isInstanceOfSatisfying(
                        WebApplicationException.class,
                        refused -> assertThat(refused.getResponse().getStatus()).isEqualTo(413));
        assertThatThrownBy(() -> uploads.receive(InputStream.nullInputStream()))
                .isInstanceOf(WebApplicationException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsReadLaterGoesWhenItsReaderIsDone() throws IOException {
        AtomicBoolean done = new AtomicBoolean();
        Uploads.Upload first = uploads.receive(new ByteArrayInputStream(new byte[10]));
        uploads.keepUntil(first, done::get);
        uploads.receive(new ByteArrayInputStream(new byte[10])).close();
        assertThat(files()).containsExactly(first.file());
        done.set(true);
        uploads.receive(new ByteArrayInputStream(new byte[10])).close();
        assertThat(files()).isEmpty();
        uploads.keepUntil(uploads.receive(new ByteArrayInputStream(new byte[10])), () -> false);
        uploads.close();
        assertThat(files()).isEmpty();
    }
}
