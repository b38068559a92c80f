package io.tocsin.directory.internal.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The first visible sheet of an Office Open XML workbook (ECMA-376 part 1, transitional or strict), read with the
 * platform's own ZIP and XML parsers: no DTD, no entity, every part counted while it unpacks.
 */
final class XlsxTable implements Table {
    private final Path file;
    private final TableLimits limits;
    private final String sheetPart;
    private final List<String> sharedStrings;
    private final XlsxDates dates;

    private XlsxTable(Path file, TableLimits limits, String sheetPart, List<String> sharedStrings, XlsxDates dates) {
        this.file = file;
        this.limits = limits;
        this.sheetPart = sheetPart;
        this.sharedStrings = sharedStrings;
        this.dates = dates;
    }

    static XlsxTable open(Path file, TableLimits limits) throws IOException {
        try (XlsxParts parts = new XlsxParts(new ZipFile(file.toFile()), limits)) {
            Workbook workbook = workbook(parts);
            Map<String, String> targets = targets(parts);
            String target = targets.getOrDefault(workbook.sheetRelation, "worksheets/sheet1.xml");
            String sheet = target.startsWith("/") ? target.substring(1) : "xl/" + target;
            if (!parts.has(sheet)) {
                throw TableFile.refused("is a workbook without its first sheet: save it again");
            }
            return new XlsxTable(file, limits, sheet, sharedStrings(parts), XlsxDates.read(parts, workbook.from1904));
        } catch (ZipException e) {
            throw TableFile.refused("is a damaged workbook or archive: save it again");
        } catch (XMLStreamException e) {
            throw TableFile.refused("is a workbook with broken contents: save it again");
        }
    }

    private static Workbook workbook(XlsxParts parts) throws IOException, XMLStreamException {
        if (!parts.has("xl/workbook.xml")) {
            throw TableFile.refused(
                    parts.has("content.xml")
                            ? "is an OpenDocument file: save it as .xlsx, or as CSV (UTF-8)"
                            : "is an archive, not an .xlsx workbook: give the table itself");
        }
        Workbook workbook = new Workbook();
        try (InputStream in = parts.open("xl/workbook.xml")) {
            XMLStreamReader xml = parts.xml(in);
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                if (xml.getLocalName().equals("workbookPr")) {
                    String from1904 = xml.getAttributeValue(null, "date1904");
                    workbook.from1904 = "1".equals(from1904) || "true".equals(from1904);
                } else if (xml.getLocalName().equals("sheet") && workbook.sheetRelation == null) {
                    String state = xml.getAttributeValue(null, "state");
                    if (state == null || state.equals("visible")) {
                        workbook.sheetRelation = relationId(xml);
                    }
                }
            }
        }
        if (workbook.sheetRelation == null) {
            throw TableFile.refused("is a workbook without a visible sheet");
        }
        return workbook;
    }

    private static String relationId(XMLStreamReader xml) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            if (xml.getAttributeLocalName(i).equals("id") && xml.getAttributeNamespace(i) != null) {
                return xml.getAttributeValue(i);
            }
        }
        return "";
    }

    private static Map<String, String> targets(XlsxParts parts) throws IOException, XMLStreamException {
        Map<String, String> targets = new HashMap<>();
        String part = "xl/_rels/workbook.xml.rels";
        if (!parts.has(part)) {
            return targets;
        }
        try (InputStream in = parts.open(part)) {
            XMLStreamReader xml = parts.xml(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("Relationship")) {
                    targets.put(xml.getAttributeValue(null, "Id"), xml.getAttributeValue(null, "Target"));
                }
            }
        }
        return targets;
    }

    private static List<String> sharedStrings(XlsxParts parts) throws IOException, XMLStreamException {
        List<String> strings = new ArrayList<>();
        if (!parts.has("xl/sharedStrings.xml")) {
            return strings;
        }
        try (InputStream in = parts.open("xl/sharedStrings.xml")) {
            XMLStreamReader xml = parts.xml(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("si")) {
                    strings.add(richText(xml, "si"));
                }
            }
        }
        return strings;
    }

    /** The text of the runs up to the end of the element; phonetic readings left out. */
    static String richText(XMLStreamReader xml, String element) throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        int phonetic = 0;
        boolean inText = false;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                inText = xml.getLocalName().equals("t");
                phonetic += xml.getLocalName().equals("rPh") ? 1 : 0;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                if (xml.getLocalName().equals(element)) {
                    break;
                }
                inText = false;
                phonetic -= xml.getLocalName().equals("rPh") ? 1 : 0;
            } else if (inText && phonetic == 0 && xml.isCharacters()) {
                text.append(xml.getText());
            }
        }
        return text.toString();
    }

    @Override
    public String format() {
        return "xlsx";
    }

    @Override
    public String encoding() {
        return "";
    }

    @Override
    public String separator() {
        return "";
    }

    @Override
    public Rows rows() {
        try {
            XlsxParts parts = new XlsxParts(new ZipFile(file.toFile()), limits);
            try {
                return new XlsxRows(parts, parts.xml(parts.open(sheetPart)), sharedStrings, dates, limits);
            } catch (IOException | XMLStreamException | RuntimeException e) {
                parts.close();
                throw e;
            }
        } catch (IOException | XMLStreamException e) {
            throw TableFile.refused("is a workbook with broken contents: save it again");
        }
    }

    private static final class Workbook {
        private String sheetRelation;
        private boolean from1904;
    }
}
