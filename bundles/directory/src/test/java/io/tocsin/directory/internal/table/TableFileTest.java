package io.tocsin.directory.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.directory.api.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableFileTest {
    private static final TableLimits LIMITS = new TableLimits(20L << 20, 64L << 20, 100_000);
    private static final String FRENCH =
            "Nom;Prénom;Téléphone\r\nHébert;Zoë;06 39 98 00 01\r\nGarçon;Noël;04 65 71 00 01\r\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "windows-1252", "x-MacRoman", "IBM850"})
    void theEncodingIsFound(String encoding) throws IOException {
        Table table = open(FRENCH.getBytes(Charset.forName(encoding)));
        assertThat(table.encoding()).isEqualTo(encoding);
        assertThat(table.separator()).isEqualTo(";");
        assertThat(cells(table))
                .containsExactly(
                        List.of("Nom", "Prénom", "Téléphone"),
                        List.of("Hébert", "Zoë", "06 39 98 00 01"),
                        List.of("Garçon", "Noël", "04 65 71 00 01"));
    }

    @Test
    void byteOrderMarksDecide() throws IOException {
        assertThat(cells(open(("\ufeff" + FRENCH).getBytes(StandardCharsets.UTF_8)))
                        .get(0)
                        .get(0))
                .isEqualTo("Nom");
        assertThat(cells(open(("\ufeff" + FRENCH).getBytes(StandardCharsets.UTF_16LE))))
                .hasSize(3);
        Table wide = open(("\ufeff" + FRENCH).getBytes(StandardCharsets.UTF_16BE));
        assertThat(wide.encoding()).isEqualTo("UTF-16BE");
        assertThat(cells(wide).get(1)).containsExactly("Hébert", "Zoë", "06 39 98 00 01");
    }

    @Test
    void utf8WithOneBrokenLetterStaysUtf8() throws IOException {
        byte[] text = (FRENCH + "Lefèvre;Éloïse;\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] broken = java.util.Arrays.copyOf(text, text.length + 1);
        broken[text.length] = (byte) 0xE9;
        Table table = open(broken);
        assertThat(table.encoding()).isEqualTo("UTF-8");
        assertThat(cells(table).get(4).get(0)).isEqualTo("\uFFFD");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", ",", "\t", "|"})
    void theSeparatorIsFound(String separator) throws IOException {
        String text = "Nom|Adresse|Mobile\nDupont|\"12, rue; du Port\"|0639980001\nMartin|\"3, place\"|0639980002\n"
                .replace("|", separator);
        Table table = open(text.getBytes(StandardCharsets.UTF_8));
        assertThat(table.separator()).isEqualTo(separator);
        assertThat(cells(table).get(1)).containsExactly("Dupont", "12, rue; du Port", "0639980001");
    }

    @Test
    void theSeparatorMaySayItself() throws IOException {
        Table table = open("sep=,\nNom,Mobile\nDupont,0639980001\n".getBytes(StandardCharsets.UTF_8));
        assertThat(cells(table)).containsExactly(List.of("Nom", "Mobile"), List.of("Dupont", "0639980001"));
    }

    @Test
    void rowsAreNumberedAsAnEditorShowsThem() throws IOException {
        Table table = open("Nom;Mobile\n\n;\nDupont;1\n\"Deux\nlignes\";2\nFin;3\n".getBytes(StandardCharsets.UTF_8));
        assertThat(rows(table)).extracting(Row::number).containsExactly(1, 4, 5, 7);
    }

    @Test
    void aLineOfTenMegabytesIsRefusedByItsPlace() {
        byte[] text = ("Nom;Mobile\nDupont;1\n" + "x".repeat(10 << 20) + ";2\n").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> cells(open(text)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("after line 2")
                .hasMessageContaining("100000 characters");
    }

    @Test
    void aQuoteThatNeverClosesIsRefusedByItsPlace() {
        StringBuilder text = new StringBuilder("Nom;Mobile\nDupont;\"06\n");
        for (int i = 0; i < 500; i++) {
            text.append("Martin;0639980001\n");
        }
        assertThatThrownBy(() -> cells(open(text.toString().getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("opened in line 2");
    }

    @Test
    void whatIsNoTableIsRefusedByName() {
        refused(new byte[0], "empty");
        refused(new byte[] {'N', 'o', 'm', 0, 0, 1}, "NUL");
        refused(new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, 0, 0}, ".xls");
        refused("%PDF-1.7".getBytes(StandardCharsets.US_ASCII), "PDF");
        refused("<html><table>".getBytes(StandardCharsets.US_ASCII), "web page");
        refused(new byte[] {0x1F, (byte) 0x8B, 8, 0}, "archive");
        refused(new byte[] {'P', 'K', 3, 4, 1, 2, 3}, "damaged");
        assertThatThrownBy(() -> TableFile.open(folder.resolve("none.csv"), LIMITS))
                .hasMessageContaining("not there");
        byte[] big = new byte[(20 << 20) + 1];
        java.util.Arrays.fill(big, (byte) 'x');
        refused(big, "split it");
    }

    @Test
    void aWorkbookReadsAsPeopleSeeIt() throws IOException {
        Path file = folder.resolve("contacts.xlsx");
        try (OutputStream out = Files.newOutputStream(file);
                Workbook workbook = new Workbook(out, "test", "1.0")) {
            Worksheet sheet = workbook.newWorksheet("Habitants");
            sheet.value(0, 0, "Nom");
            sheet.value(0, 1, "Mobile");
            sheet.value(0, 2, "Né le");
            sheet.value(1, 0, "Hébert & fils");
            sheet.value(1, 1, 639980001.0);
            sheet.value(1, 2, java.time.LocalDate.of(1961, 4, 12));
            sheet.style(1, 2).format("dd/mm/yyyy").set();
            sheet.value(3, 0, true);
            sheet.formula(3, 1, "A1*2");
        }
        Table table = TableFile.open(file, LIMITS).table();
        List<Row> rows = rows(table);
        assertThat(table.format()).isEqualTo("xlsx");
        assertThat(rows).extracting(Row::number).containsExactly(1, 2, 4);
        assertThat(rows.get(1).cells()).containsExactly("Hébert & fils", "639980001", "1961-04-12");
        assertThat(rows.get(2).faults().get(1)).contains("B4").contains("formula");
    }

    @Test
    void cellsOfEveryKindAsOtherProgramsWriteThem() throws IOException {
        String sheet =
                """
                <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
                <row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>En ligne</t></is></c></row>
                <row><c><v>6.39980001E8</v></c><c t="str"><f>B9</f><v>calculé</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>
                <c s="1"><v>22383.5</v></c></row>
                </sheetData></worksheet>
                """;
        String strings =
                """
                <sst><si><r><t>Deux </t></r><r><t xml:space="preserve">parts</t></r><rPh><t>x</t></rPh></si></sst>
                """;
        Path file = zip(List.of(
                List.of("xl/workbook.xml", workbook()),
                List.of("xl/_rels/workbook.xml.rels", relations()),
                List.of("xl/styles.xml", "<s><cellXfs><xf numFmtId='0'/><xf numFmtId='22'/></cellXfs></s>"),
                List.of("xl/sharedStrings.xml", strings),
                List.of("xl/worksheets/sheet7.xml", sheet)));
        List<Row> rows = rows(TableFile.open(file, LIMITS).table());
        assertThat(rows.get(0).cells()).containsExactly("Deux parts", "", "En ligne");
        assertThat(rows.get(1).cells()).containsExactly("639980001", "calculé", "", "1961-04-12T12:00");
        assertThat(rows.get(1).faults())
                .hasSize(1)
                .hasEntrySatisfying(2, f -> assertThat(f).contains("C2").contains("#DIV/0!"));
    }

    @Test
    void aZipBombIsRefusedBeforeItUnpacks() throws IOException {
        String start = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>";
        Path file = zip(List.of(
                List.of("xl/workbook.xml", workbook()),
                List.of("xl/_rels/workbook.xml.rels", relations()),
                List.of(
                        "xl/worksheets/sheet7.xml",
                        start + " ".repeat(40 << 20) + "</v></c></row></sheetData></worksheet>")));
        assertThat(Files.size(file)).isLessThan(100_000);
        assertThatThrownBy(() -> rows(TableFile.open(file, LIMITS).table()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("zip bomb");
    }

    @Test
    void entitiesAreNotExpanded() throws IOException {
        Path secret = folder.resolve("secret.txt");
        Files.writeString(secret, "secret");
        String sheet = "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + secret.toUri()
                + "\">]><worksheet><sheetData><row><c t=\"str\"><v>&e;</v></c></row></sheetData></worksheet>";
        Path file = zip(List.of(
                List.of("xl/workbook.xml", workbook()),
                List.of("xl/_rels/workbook.xml.rels", relations()),
                List.of("xl/worksheets/sheet7.xml", sheet)));
        assertThatThrownBy(() -> rows(TableFile.open(file, LIMITS).table()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("broken");
    }

    @Test
    void otherArchivesAreRefusedByName() throws IOException {
        refusedFile(zip(List.of(List.of("content.xml", "<x/>"))), "OpenDocument");
        refusedFile(zip(List.of(List.of("word/document.xml", "<x/>"))), "not an .xlsx");
    }

    private static String workbook() {
        return """
                <workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
                <sheet name="Caché" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Vu" sheetId="2" r:id="rId2"/>
                </sheets></workbook>
                """;
    }

    private static String relations() {
        return "<Relationships><Relationship Id=\"rId2\" Target=\"worksheets/sheet7.xml\"/></Relationships>";
    }

    private Path zip(List<List<String>> parts) throws IOException {
        Path file = Files.createTempFile(folder, "book", ".xlsx");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (List<String> part : parts) {
                zip.putNextEntry(new ZipEntry(part.get(0)));
                zip.write(part.get(1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private void refused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> rows(open(bytes)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(reason);
    }

    private static void refusedFile(Path file, String reason) {
        assertThatThrownBy(() -> rows(TableFile.open(file, LIMITS).table())).hasMessageContaining(reason);
    }

    private Table open(byte[] bytes) throws IOException {
        Path file = Files.createTempFile(folder, "table", ".csv");
        Files.write(file, bytes);
        return TableFile.open(file, LIMITS).table();
    }

    private static List<Row> rows(Table table) {
        List<Row> rows = new ArrayList<>();
        try (Rows all = table.rows()) {
            all.forEachRemaining(rows::add);
        }
        return rows;
    }

    private static List<List<String>> cells(Table table) {
        return rows(table).stream().map(Row::cells).toList();
    }
}
