package io.tocsin.directory.internal.table;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Which cell styles show a number as a date, and the date a number means (ECMA-376 part 1, 18.8.30 and 18.17.4.1). */
final class XlsxDates {
    private static final long SECONDS_A_DAY = 86_400;

    private final List<Boolean> dateStyles;
    private final LocalDate dayZero;

    private XlsxDates(List<Boolean> dateStyles, boolean from1904) {
        this.dateStyles = dateStyles;
        // 1899-12-30 absorbs the leap day of 1900 that never was
        this.dayZero = from1904 ? LocalDate.of(1904, 1, 1) : LocalDate.of(1899, 12, 30);
    }

    static XlsxDates read(XlsxParts parts, boolean from1904) throws IOException, XMLStreamException {
        List<Boolean> styles = new ArrayList<>();
        if (parts.has("xl/styles.xml")) {
            try (InputStream in = parts.open("xl/styles.xml")) {
                readStyles(parts.xml(in), styles);
            }
        }
        return new XlsxDates(styles, from1904);
    }

    private static void readStyles(XMLStreamReader xml, List<Boolean> styles) throws XMLStreamException {
        Map<String, String> formats = new HashMap<>();
        boolean inCellFormats = false;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "numFmt" ->
                        formats.put(xml.getAttributeValue(null, "numFmtId"), xml.getAttributeValue(null, "formatCode"));
                    case "cellXfs" -> inCellFormats = true;
                    case "xf" -> {
                        if (inCellFormats) {
                            styles.add(isDate(xml.getAttributeValue(null, "numFmtId"), formats));
                        }
                    }
                    default -> {}
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals("cellXfs")) {
                inCellFormats = false;
            }
        }
    }

    private static boolean isDate(String id, Map<String, String> formats) {
        if (id == null) {
            return false;
        }
        String code = formats.get(id);
        if (code == null) {
            return List.of("14", "15", "16", "17", "22").contains(id);
        }
        String bare = code.replaceAll("\"[^\"]*\"|\\\\.|\\[[^\\]]*]", "").toLowerCase(java.util.Locale.ROOT);
        return bare.indexOf('y') >= 0 || bare.indexOf('d') >= 0 && bare.indexOf('m') >= 0;
    }

    boolean isDateStyle(String style) {
        if (style == null) {
            return false;
        }
        int index = Integer.parseInt(style);
        return index >= 0 && index < dateStyles.size() && dateStyles.get(index);
    }

    /** @return ISO 8601: the day, with the time only where there is one */
    String text(BigDecimal serial) {
        long seconds = serial.multiply(BigDecimal.valueOf(SECONDS_A_DAY))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        LocalDateTime at = dayZero.atStartOfDay().plusSeconds(seconds);
        return seconds % SECONDS_A_DAY == 0 ? at.toLocalDate().toString() : at.toString();
    }
}
