package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alerting.api.Documents.DocumentException;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.problems.ProblemCode;
import io.tocsin.rest.internal.problems.Problems;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.SpeechException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the caller is told when the database cannot do it. */
class ProblemsTest {
    private final Problems problems = new Problems();

    @Test
    void eachHasACodeThatItsTypeEndsWithAndTheDocumentationExplains() throws Exception {
        String documentation = Files.readString(Path.of("../../docs/operations.md"));
        for (ProblemCode code : ProblemCode.values()) {
            Problem problem = Problem.of(code, "title", "detail");
            assertThat(problem.type()).isEqualTo("urn:tocsin:problem:" + code.word());
            assertThat(Json.mapper()
                            .readTree(Json.mapper().writeValueAsBytes(problem))
                            .get("code")
                            .asText())
                    .isEqualTo(code.word());
            assertThat(documentation).contains("`" + code.word() + (code == ProblemCode.HTTP ? "-" : "`"));
        }
        Response lost = problems.toResponse(new NotFoundException());
        assertThat(((Problem) lost.getEntity()).code()).isEqualTo(ProblemCode.HTTP);
        assertThat(type(lost)).isEqualTo("urn:tocsin:problem:http-404");
    }

    @Test
    void aFullDiskIsNamed() {
        Response response = of(new SQLException("could not extend file: No space left on device", "53100"));
        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeaderString("Retry-After")).isEqualTo("5");
        assertThat(type(response)).isEqualTo("urn:tocsin:problem:disk-full");
        assertThat(response.getEntity().toString()).contains("needs space").doesNotContain("could not extend file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "53300", "40001"})
    void aDatabaseThatIsAwayOrBusyIsWorthAnotherTry(String state) {
        Response response = of(new SQLException("whatever the server says", state));
        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeaderString("Retry-After")).isEqualTo("5");
        assertThat(type(response)).isEqualTo("urn:tocsin:problem:database-unavailable");
    }

    @Test
    void aPoolThatHasNoConnectionToGiveIsADatabaseThatIsAway() {
        assertThat(type(of(new SQLTransientConnectionException("request timed out"))))
                .isEqualTo("urn:tocsin:problem:database-unavailable");
    }

    @Test
    void aDatabaseThatTakesNoWritesLeavesNothingBehind() {
        Response response = of(new SQLException("cannot execute INSERT in a read-only transaction", "25006"));
        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(type(response)).isEqualTo("urn:tocsin:problem:no-writes");
        assertThat(detail(response)).contains("Nothing was changed", "launched later by itself", "Idempotency-Key");
    }

    @Test
    void whoWasNotConnectedChangedNothingAndWhoWasCutOffDoesNotKnow() {
        assertThat(detail(of(new SQLTransientConnectionException("request timed out"))))
                .contains("Nothing was changed", "launched later by itself");
        assertThat(detail(of(new SQLException("an I/O error occurred", "08006"))))
                .contains("not known", "done once")
                .doesNotContain("Nothing was changed");
    }

    @Test
    void aDefectOfOursIsNotPutDownToTheDatabase() {
        Response response = of(new SQLException("column does not exist", "42703"));
        assertThat(response.getStatus()).isEqualTo(500);
        assertThat(type(response)).isEqualTo("urn:tocsin:problem:internal");
        assertThat(response.getEntity().toString()).doesNotContain("column");
    }

    @ParameterizedTest
    @CsvSource({"TEXT, 422, text: ", "LANGUAGE, 422, language: ", "ENGINE, 503, ''", "STORAGE, 503, ''"})
    void whatCannotBeSpokenSaysWhoseTurnItIs(SpeechException.Reason reason, int status, String field) {
        Response response = problems.toResponse(new SpeechException(reason, "write words"));
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(((Problem) response.getEntity()).detail())
                .isEqualTo(field.stripTrailing().isEmpty() ? "write words" : field.stripTrailing() + " write words");
    }

    @ParameterizedTest
    @CsvSource({
        "FORMAT, 422",
        "DAMAGED, 422",
        "SILENT, 422",
        "CLIPPED, 422",
        "TOO_SHORT, 422",
        "TOO_LONG, 413",
        "DECODER, 503"
    })
    void aRecordingThatIsNoneSaysWhy(RecordingException.Reason reason, int status) {
        Response response = problems.toResponse(new RecordingException(reason, "record it again"));
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(((Problem) response.getEntity()).detail()).endsWith("record it again");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_PDF, 422",
        "ENCRYPTED, 422",
        "DAMAGED, 422",
        "EMPTY, 422",
        "TOO_MANY_PAGES, 422",
        "TOO_HEAVY, 422",
        "TOO_LARGE, 413",
        "READER, 503"
    })
    void aDocumentThatIsNoneSaysWhy(DocumentException.Reason reason, int status) {
        Response response = problems.toResponse(new DocumentException(reason, "save it anew"));
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(((Problem) response.getEntity()).detail()).endsWith("save it anew");
    }

    private Response of(SQLException cause) {
        return problems.toResponse(new DatabaseException(cause));
    }

    private static String detail(Response response) {
        return ((Problem) response.getEntity()).detail();
    }

    private static String type(Response response) {
        return ((Problem) response.getEntity()).type();
    }
}
