package io.tocsin.directory.internal.table;

import io.tocsin.directory.api.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Streams the rows of one sheet. Numbers read as people see them; a formula reads as the value stored beside it. */
final class XlsxRows implements Rows {
    private static final int MAX_COLUMNS = 1_000;

    private final XlsxParts parts;
    private final XMLStreamReader xml;
    private final List<String> sharedStrings;
    private final XlsxDates dates;
    private final TableLimits limits;
    private int rowNumber;
    private Row next;

    XlsxRows(XlsxParts parts, XMLStreamReader xml, List<String> sharedStrings, XlsxDates dates, TableLimits limits) {
        this.parts = parts;
        this.xml = xml;
        this.sharedStrings = sharedStrings;
        this.dates = dates;
        this.limits = limits;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("row")) {
                    Row row = row();
                    if (!row.blank()) {
                        next = row;
                    }
                }
            }
            return next != null;
        } catch (XMLStreamException | ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw broken();
        }
    }

    private Row row() throws XMLStreamException {
        String given = xml.getAttributeValue(null, "r");
        rowNumber = given == null ? rowNumber + 1 : Integer.parseInt(given);
        List<String> cells = new ArrayList<>();
        Map<Integer, String> faults = new HashMap<>();
        int column = 0;
        int characters = 0;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("row")) {
                break;
            }
            if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("c")) {
                String reference = xml.getAttributeValue(null, "r");
                column = reference == null ? column : columnOf(reference);
                if (column >= MAX_COLUMNS) {
                    throw TableFile.refused("row " + rowNumber + " reaches beyond column " + MAX_COLUMNS
                            + ": keep the contacts' columns only");
                }
                while (cells.size() <= column) {
                    cells.add("");
                }
                Cell cell = cell();
                if (cell.fault() != null) {
                    faults.put(column, "cell " + columnName(column) + rowNumber + " " + cell.fault());
                }
                characters += cell.text().length();
                cells.set(column, cell.text());
                column++;
            }
        }
        if (characters > limits.rowCharacters()) {
            throw TableFile.refused("row " + rowNumber + " is longer than " + limits.rowCharacters() + " characters");
        }
        return new Row(rowNumber, cells, faults);
    }

    private Cell cell() throws XMLStreamException {
        String type = xml.getAttributeValue(null, "t");
        String style = xml.getAttributeValue(null, "s");
        String value = null;
        boolean formula = false;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("c")) {
                break;
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "v" -> value = xml.getElementText();
                    case "f" -> {
                        formula = true;
                        xml.getElementText();
                    }
                    case "is" -> value = XlsxTable.richText(xml, "is");
                    default -> {}
                }
            }
        }
        if (formula && value == null) {
            return Cell.faulty("is a formula without a stored value: paste its values, or open and save the workbook");
        }
        return value == null ? Cell.of("") : read(type == null ? "n" : type, style, value);
    }

    private Cell read(String type, String style, String value) {
        return switch (type) {
            case "s" -> Cell.of(sharedStrings.get(Integer.parseInt(value.strip())));
            case "e" -> Cell.faulty("shows the error " + value + ": correct its formula, or paste the value");
            case "n" -> Cell.of(value.isBlank() ? "" : number(style, new BigDecimal(value.strip())));
            case "b" -> Cell.of(value.strip().equals("1") ? "true" : "false");
            default -> Cell.of(value);
        };
    }

    /** 6.12345678E8 is 612345678 to the person who typed it. */
    private String number(String style, BigDecimal number) {
        if (number.precision() - number.scale() > 40 || number.scale() > 400) {
            throw new IllegalArgumentException("no spreadsheet number");
        }
        if (dates.isDateStyle(style)) {
            return dates.text(number);
        }
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static int columnOf(String reference) {
        int column = 0;
        for (int i = 0; i < reference.length() && Character.isLetter(reference.charAt(i)) && i < 4; i++) {
            column = column * 26 + (Character.toUpperCase(reference.charAt(i)) - 'A' + 1);
        }
        if (column < 1) {
            throw new IllegalArgumentException("no cell reference");
        }
        return column - 1;
    }

    static String columnName(int column) {
        StringBuilder name = new StringBuilder();
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
            name.insert(0, (char) ('A' + (rest - 1) % 26));
        }
        return name.toString();
    }

    private RefusedException broken() {
        return TableFile.refused("is a workbook broken after row " + rowNumber + ": open it and save it again");
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
            xml.close();
            parts.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("closing an XML reader", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Cell(String text, String fault) {
        static Cell of(String text) {
            return new Cell(text, null);
        }

        static Cell faulty(String fault) {
            return new Cell("", fault);
        }
    }
}
