package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.stories.Doors.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Contact files that are none, or not wholly: why, and in which row. */
abstract class ImportDoor {
    private final Doors doors;

    ImportDoor(Doors doors) {
        this.doors = doors;
    }

    @Test
    void aContactFileThatIsNoneIsRefusedWithTheReason() throws Exception {
        assertThat(importing("nom;prénom\nUn;Anne\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .containsAnyOf("telephone", "mobile");
        assertThat(importing("x;y\n1;2\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .contains("column titles");
        assertThat(importing("Nom;Mobile\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .isNotBlank();
        assertThat(importing("Nom;Mobile\nUn;0\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .contains("row errors");
        byte[] binary = new byte[5000];
        new Random(1).nextBytes(binary);
        binary[100] = 0;
        assertThat(importing(binary, "photo.csv")).contains("not text");
        assertThat(importing("%PDF-1.7 etc".getBytes(StandardCharsets.US_ASCII), "liste.csv"))
                .contains("PDF");
        assertThat(importing(
                        ("Nom;Mobile\n" + "x".repeat(10 << 20) + "\n").getBytes(StandardCharsets.US_ASCII), "long.csv"))
                .contains("characters");
        assertThat(importing(
                        workbook(out -> out.write(" ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII)), 300),
                        "bombe.xlsx"))
                .contains("unpack");
        assertThat(importing(workbook(out -> out.write("<sheetData".getBytes(StandardCharsets.UTF_8)), 1), "faux.xlsx"))
                .isNotBlank();
        doors.send("POST", imports("gens.csv"), doors.mayor, Doors.NOTHING, "Content-Type", "text/csv")
                .problem(422, "body", "empty");
        doors.send(
                        "POST",
                        Doors.TOWN + "/imports?source=x&legalBasis=x",
                        doors.mayor,
                        "a".getBytes(),
                        "Content-Type",
                        "text/csv")
                .problem(422, "fileName");
        doors.send(
                        "POST",
                        imports("gens.csv") + "&mapping=%7B",
                        doors.mayor,
                        "a".getBytes(),
                        "Content-Type",
                        "text/csv")
                .problem(400);
        doors.get(Doors.TOWN + "/imports/987654", doors.mayor).problem(404);
    }

    @Test
    void aFormulaWithoutAValueIsARowErrorThatNamesTheCell() throws Exception {
        byte[] file = workbook(
                out -> out.write(
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
                        <row r="1"><c r="A1" t="inlineStr"><is><t>Réf</t></is></c><c r="B1" t="inlineStr"><is><t>Nom</t></is></c><c r="C1" t="inlineStr"><is><t>Mobile</t></is></c></row>
                        <row r="2"><c r="A2" t="inlineStr"><is><t>F1</t></is></c><c r="B2" t="inlineStr"><is><t>Un</t></is></c><c r="C2"><f>"0639982002"</f></c></row>
                        <row r="3"><c r="A3" t="inlineStr"><is><t>F2</t></is></c><c r="B3" t="inlineStr"><is><t>Deux</t></is></c><c r="C3" t="str"><f>A1</f><v>06 39 98 20 03</v></c></row>
                        </sheetData></worksheet>"""
                                .getBytes(StandardCharsets.UTF_8)),
                1);
        JsonNode run = ended(
                doors.send("POST", imports("formules.xlsx"), doors.mayor, file).ok(202));
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("done");
        assertThat(run.get("added").asInt()).isEqualTo(1);
        String errors = doors.get(Doors.TOWN + "/imports/" + run.get("id").asLong() + "/errors", doors.mayor)
                .ok(200)
                .raw()
                .body();
        assertThat(errors).contains("\"row\":2", "Mobile", "formula without a stored value");
    }

    private static String imports(String fileName) {
        return Doors.TOWN + "/imports?fileName=" + fileName + "&source=portes&legalBasis=essai&dryRun=false";
    }

    /** Imports a bad file. @return why it was refused, at once or at the end of the import */
    private String importing(byte[] file, String name) throws Exception {
        Reply reply = doors.send("POST", imports(name), doors.mayor, file, "Content-Type", "application/octet-stream");
        if (reply.status() != 202) {
            return reply.problem(422).raw().body();
        }
        JsonNode run = ended(reply);
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("failed");
        return run.get("problem").asText();
    }

    private JsonNode ended(Reply started) {
        String path = Doors.TOWN + "/imports/" + started.json().get("id").asLong();
        JsonNode[] run = new JsonNode[1];
        await("the import ends").atMost(Desk.LIMIT).until(() -> {
            run[0] = doors.get(path, doors.mayor).ok(200).json();
            return !List.of("queued", "running").contains(run[0].get("state").asText());
        });
        return run[0];
    }

    @FunctionalInterface
    private interface Sheet {
        void write(OutputStream out) throws IOException;
    }

    private static byte[] workbook(Sheet sheet, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            part(
                    zip,
                    "[Content_Types].xml",
                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
            part(
                    zip,
                    "xl/workbook.xml",
                    "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
                            + " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
                            + "<sheet name=\"F\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
            part(
                    zip,
                    "xl/_rels/workbook.xml.rels",
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship"
                            + " Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\""
                            + " Target=\"worksheets/sheet1.xml\"/></Relationships>");
            zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
            for (int i = 0; i < times; i++) {
                sheet.write(zip);
            }
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static void part(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    @Test
    void aFileOverTheLimitIsRefused() throws Exception {
        long limit = 100L << 20;
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + doors.node.http() + imports("gros.csv")))
                .header("Authorization", "Bearer " + doors.mayor)
                .POST(BodyPublishers.ofInputStream(() -> new Endless(limit + 1)))
                .build();
        HttpResponse<String> response = doors.http.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
        assertThat(response.body()).contains("100 MiB", "split");
    }

    private static final class Endless extends InputStream {
        private long left;

        Endless(long bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(length, left);
            Arrays.fill(buffer, offset, offset + n, (byte) 'x');
            left -= n;
            return n;
        }
    }
}
