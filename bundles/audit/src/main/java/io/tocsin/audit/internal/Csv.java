package io.tocsin.audit.internal;

import java.util.List;

/**
 * A record of a CSV part: {@code ;} between cells, quotes where needed (RFC 4180), one line a record whatever is in it,
 * and nothing a spreadsheet would take for a formula.
 */
final class Csv {
    /** Spreadsheets take a file for UTF-8 only with this in front. */
    static final String BOM = "\uFEFF";

    static final String END = "\r\n";

    private Csv() {}

    static String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                line.append(';');
            }
            cell(line, cells.get(i));
        }
        return line.toString();
    }

    private static void cell(StringBuilder line, String cell) {
        if (cell == null || cell.isEmpty()) {
            return;
        }
        String safe = flat(cell);
        if ("=+-@".indexOf(safe.charAt(0)) >= 0) {
            safe = "'" + safe;
        }
        if (safe.indexOf(';') < 0 && safe.indexOf('"') < 0) {
            line.append(safe);
        } else {
            line.append('"').append(safe.replace("\"", "\"\"")).append('"');
        }
    }

    /** Control characters, line ends among them, become spaces. */
    private static String flat(String cell) {
        StringBuilder flat = null;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c < 0x20 || c == 0x7f || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                if (flat == null) {
                    flat = new StringBuilder(cell);
                }
                flat.setCharAt(i, ' ');
            }
        }
        return flat == null ? cell : flat.toString();
    }
}
