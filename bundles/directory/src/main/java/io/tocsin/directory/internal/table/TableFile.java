package io.tocsin.directory.internal.table;

import io.tocsin.directory.api.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out what a file is and opens it as a table, or refuses it by name with the cure. */
public final class TableFile {
    private static final String CURE = "save it as .xlsx, or as CSV (UTF-8)";

    private TableFile() {}

    /** @param sha256 of the file's bytes, for the record of the import */
    public record Opened(Table table, byte[] sha256) {}

    /** @throws RefusedException if the file is no table that can be read */
    public static Opened open(Path file, TableLimits limits) {
        try {
            if (!Files.isRegularFile(file)) {
                throw refused("is not there, or is not a file");
            }
            long size = Files.size(file);
            if (size == 0) {
                throw refused("is empty");
            }
            if (size > limits.fileBytes()) {
                throw refused("has " + size + " bytes; at most " + limits.fileBytes() + " are taken: split it");
            }
            FileFacts facts = FileFacts.of(file);
            return new Opened(table(file, facts, limits), facts.sha256());
        } catch (IOException e) {
            throw refused("cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static Table table(Path file, FileFacts facts, TableLimits limits) throws IOException {
        if (facts.startsWith('P', 'K', 3, 4)) {
            return XlsxTable.open(file, limits);
        }
        if (facts.startsWith(0xD0, 0xCF, 0x11, 0xE0)) {
            throw refused("is an old .xls workbook, or a workbook with a password: " + CURE + ", without a password");
        }
        if (facts.startsWith('%', 'P', 'D', 'F')) {
            throw refused("is a PDF: export the table itself, as .xlsx or CSV");
        }
        if (facts.startsWith('P', 'K') || facts.startsWith(0x1F, 0x8B) || facts.startsWith('7', 'z', 0xBC, 0xAF)) {
            throw refused("is an archive: unpack it and give the table inside");
        }
        if (facts.startsWith('{', '\\', 'r', 't', 'f') || facts.startsWith('<')) {
            throw refused("is a document or a web page, not a table: " + CURE);
        }
        if (facts.binary()) {
            throw refused("holds NUL or control bytes, so it is not text (or UTF-16 without its mark): " + CURE);
        }
        return CsvTable.open(file, facts, limits);
    }

    static RefusedException refused(String problem) {
        return new RefusedException("file", problem);
    }
}
