package io.tocsin.directory.internal.table;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.tocsin.directory.api.RefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NoSuchElementException;

/** Separated text, RFC 4180 as loosely as spreadsheets and town halls write it. */
final class CsvTable implements Table {
    /** A cell with more line breaks than any address has: a quote was opened and never closed. */
    private static final int MAX_LINE_BREAKS = 20;

    private final Path file;
    private final Charset charset;
    private final int markLength;
    private final SeparatorGuess guess;
    private final TableLimits limits;

    private CsvTable(Path file, Charset charset, int markLength, SeparatorGuess guess, TableLimits limits) {
        this.file = file;
        this.charset = charset;
        this.markLength = markLength;
        this.guess = guess;
        this.limits = limits;
    }

    static CsvTable open(Path file, FileFacts facts, TableLimits limits) {
        Charset charset = facts.charset();
        int mark = facts.markLength();
        String sample = new String(facts.head(), mark, facts.head().length - mark, charset);
        return new CsvTable(file, charset, mark, SeparatorGuess.of(sample), limits);
    }

    @Override
    public String format() {
        return "csv";
    }

    @Override
    public String encoding() {
        return charset.name();
    }

    @Override
    public String separator() {
        return String.valueOf(guess.separator());
    }

    @Override
    public Rows rows() {
        try {
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(markLength);
            BufferedReader text = new BufferedReader(new InputStreamReader(in, charset), 1 << 16);
            if (guess.declared()) {
                text.readLine();
            }
            return new CsvRows(text);
        } catch (IOException e) {
            throw TableFile.refused("cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private final class CsvRows implements Rows {
        private final CsvReader<CsvRecord> reader;
        private final CloseableIterator<CsvRecord> records;
        private final int skippedLines = guess.declared() ? 1 : 0;
        private int lastLine = skippedLines;
        private Row next;

        CsvRows(Reader text) {
            reader = CsvReader.builder()
                    .fieldSeparator(guess.separator())
                    .quoteCharacter('"')
                    .skipEmptyLines(true)
                    .allowExtraFields(true)
                    .allowMissingFields(true)
                    .allowExtraCharsAfterClosingQuote(true)
                    .maxBufferSize(limits.rowCharacters())
                    .ofCsvRecord(text);
            records = reader.iterator();
        }

        @Override
        public boolean hasNext() {
            while (next == null && more()) {
                CsvRecord csv = records.next();
                lastLine = (int) csv.getStartingLineNumber() + skippedLines;
                Row row = new Row(lastLine, csv.getFields(), Map.of());
                refuseOpenQuote(row);
                if (!row.blank()) {
                    next = row;
                }
            }
            return next != null;
        }

        private boolean more() {
            try {
                return records.hasNext();
            } catch (CsvParseException | UncheckedIOException e) {
                throw tooLong();
            }
        }

        private RefusedException tooLong() {
            return TableFile.refused("the row after line " + lastLine + " is longer than " + limits.rowCharacters()
                    + " characters: is a quote (\") opened there and never closed, or is this no table?");
        }

        private void refuseOpenQuote(Row row) {
            int characters = 0;
            for (String cell : row.cells()) {
                characters += cell.length();
                if (cell.indexOf('\n') >= 0
                        && cell.chars().filter(c -> c == '\n').count() > MAX_LINE_BREAKS) {
                    throw TableFile.refused("a quote (\") is opened in line " + row.number()
                            + " and not closed in the next " + MAX_LINE_BREAKS
                            + " lines: close it, or write it twice to mean itself");
                }
            }
            if (characters > limits.rowCharacters()) {
                throw tooLong();
            }
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = next;
            next = null;
            return row;
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
