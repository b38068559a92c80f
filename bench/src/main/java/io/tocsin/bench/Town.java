package io.tocsin.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * A town's contact file as a register of inhabitants gives it: nine columns, households of four with a landline, two
 * households in five with a mobile, a mailbox for everybody. Numbers come from the ranges that ARCEP reserves for fiction.
 */
final class Town {
    private static final List<String> TITLES = List.of(
            "Identifiant", "Nom", "Prénom", "Mobile", "Téléphone", "Courriel", "Langue", "Foyer", "Quartier", "Tags");
    private static final List<String> LANDLINES = List.of("019900", "026191", "035301", "046571", "053649");
    private static final int RESERVED = 10_000;
    private static final int HOUSEHOLD = 4;

    private Town() {}

    static void csv(Path file, int rows) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write(String.join(";", TITLES) + "\n");
            for (int i = 0; i < rows; i++) {
                out.write(String.join(";", person("c", i)) + "\n");
            }
        }
    }

    static void xlsx(Path file, int rows) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                Workbook workbook = new Workbook(out, "Tocsin", "1.0")) {
            Worksheet sheet = workbook.newWorksheet("Habitants");
            write(sheet, 0, TITLES);
            for (int i = 0; i < rows; i++) {
                write(sheet, i + 1, person("x", i));
                if (i % 1000 == 999) {
                    sheet.flush();
                }
            }
        }
    }

    private static void write(Worksheet sheet, int row, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                sheet.inlineString(row, i, cells.get(i));
            }
        }
    }

    private static List<String> person(String kind, int i) {
        int household = i / HOUSEHOLD;
        return List.of(
                "%s%07d".formatted(kind, i),
                "Nom" + household,
                "Prénom" + i,
                household < RESERVED ? "06 39 98 %02d %02d".formatted(household / 100, household % 100) : "",
                household < RESERVED * LANDLINES.size()
                        ? LANDLINES.get(household / RESERVED) + "%04d".formatted(household % RESERVED)
                        : "",
                "habitant%s%d@commune.example".formatted(kind, i),
                i % 20 == 0 ? "en" : "fr",
                "%s-F%06d".formatted(kind, household),
                "Quartier " + household % 12,
                i % 50 == 0 ? "bénévole" : "");
    }
}
