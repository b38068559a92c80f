package io.tocsin.alerting.internal.pdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.alerting.api.Documents.DocumentException;
import io.tocsin.alerting.api.Documents.DocumentException.Reason;
import io.tocsin.alerting.internal.Sheets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that looks at PDFs, and what is said when there is none. */
class PdfReaderTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void bring() throws IOException {
        file = Files.write(folder.resolve("plan.pdf"), Sheets.pdf(3, "Plan"));
    }

    @Test
    void countsPagesItHasDrawn() throws Exception {
        assertThat(PdfReader.ofThisClassPath().pages(file)).isEqualTo(3);
    }

    @Test
    void whatTakesTooLongIsEnded() {
        PdfReader hasty = new PdfReader(() -> System.getProperty("java.class.path"), Duration.ofMillis(1));
        assertThat(refusal(hasty).reason()).isEqualTo(Reason.TOO_HEAVY);
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .noneMatch(child -> child.info().commandLine().orElse("").contains(file.toString()));
    }

    @Test
    void aNodeThatCannotLookSaysSoAndIsAskedAgain() throws Exception {
        assertThat(refusal(new PdfReader(folder::toString, LIMIT)).reason()).isEqualTo(Reason.READER);
        boolean[] there = {false};
        PdfReader late = new PdfReader(
                () -> {
                    if (!there[0]) {
                        throw new IOException("disk full");
                    }
                    return System.getProperty("java.class.path");
                },
                LIMIT);
        assertThat(refusal(late))
                .hasMessageContaining("tell the operator")
                .extracting(DocumentException::reason)
                .isEqualTo(Reason.READER);
        there[0] = true;
        assertThat(late.pages(file)).isEqualTo(3);
    }

    private DocumentException refusal(PdfReader reader) {
        DocumentException refused = catchThrowableOfType(DocumentException.class, () -> reader.pages(file));
        assertThat(refused).isNotNull();
        return refused;
    }
}
