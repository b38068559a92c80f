package io.tocsin.audit.internal;

import java.awt.Color;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;

/**
 * A4 pages filled from the top down with an embedded font: what is written looks the same everywhere, accents included,
 * and nothing is looked up on the machine. Lengths are points.
 */
final class Sheet implements AutoCloseable {
    static final Color INK = new Color(0x1f2937);
    static final Color FAINT = new Color(0x6b7280);
    static final Color LINE = new Color(0xd1d5db);
    static final Color PALE = new Color(0xf3f4f6);
    static final float LEFT = 48;
    static final float RIGHT = PDRectangle.A4.getWidth() - 48;
    private static final float BOTTOM = 64;
    /** Comes inside PDFBox itself, free to embed (SIL OFL). */
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final PDDocument document = new PDDocument();
    private final Words words;
    private final PDFont font;
    private final CmapLookup glyphs;
    private final List<PDPage> pages = new ArrayList<>();
    private PDPageContentStream page;
    private float y;

    Sheet(String title, String author, Words words) throws IOException {
        this.words = words;
        try (InputStream stream = PDDocument.class.getResourceAsStream(FONT)) {
            TrueTypeFont face = new TTFParser().parse(new RandomAccessReadBuffer(stream));
            glyphs = face.getUnicodeCmapLookup();
            font = PDType0Font.load(document, face, true);
        }
        PDDocumentInformation information = document.getDocumentInformation();
        information.setTitle(title);
        information.setAuthor(author);
        information.setCreator("Tocsin");
        document.getDocumentCatalog().setLanguage(words.locale().toLanguageTag());
        newPage();
    }

    void newPage() throws IOException {
        if (page != null) {
            page.close();
        }
        PDPage sheet = new PDPage(PDRectangle.A4);
        document.addPage(sheet);
        pages.add(sheet);
        page = new PDPageContentStream(document, sheet);
        y = PDRectangle.A4.getHeight() - 48;
    }

    /** Begins a new page unless so much is left on this one. */
    void need(float height) throws IOException {
        if (y - height < BOTTOM) {
            newPage();
        }
    }

    void skip(float height) {
        y -= height;
    }

    float y() {
        return y;
    }

    /** A box whose top is at the present line; the line stays. */
    void box(float x, float width, float height, Color fill) throws IOException {
        page.setNonStrokingColor(fill);
        page.addRect(x, y - height, width, height);
        page.fill();
    }

    void rule() throws IOException {
        page.setStrokingColor(LINE);
        page.setLineWidth(0.6f);
        page.moveTo(LEFT, y);
        page.lineTo(RIGHT, y);
        page.stroke();
    }

    /** Writes on the present line, its baseline {@code down} below it, cut to a width. */
    void text(float x, float down, float size, boolean bold, Color color, float width, String text) throws IOException {
        String shown = fit(clean(text), size, width);
        page.beginText();
        page.setFont(font, size);
        page.setNonStrokingColor(color);
        page.setStrokingColor(color);
        // one face is enough when its outline makes the bold
        page.setRenderingMode(bold ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
        page.setLineWidth(bold ? size / 36 : 0);
        page.newLineAtOffset(x, y - down);
        page.showText(shown);
        page.endText();
    }

    /** Writes a paragraph as wide as the page, moving down; at most so many lines. */
    void paragraph(float size, Color color, int mostLines, String text) throws IOException {
        List<String> lines = wrap(text, size, RIGHT - LEFT);
        for (int i = 0; i < Math.min(lines.size(), mostLines); i++) {
            need(size * 1.4f);
            String line = lines.get(i) + (i == mostLines - 1 && lines.size() > mostLines ? " …" : "");
            text(LEFT, size, size, false, color, RIGHT - LEFT + 20, line);
            skip(size * 1.4f);
        }
    }

    private List<String> wrap(String text, float size, float width) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String given : text.split("\\R")) {
            StringBuilder line = new StringBuilder();
            for (String word : clean(given).split(" ")) {
                if (line.length() > 0 && width(line + " " + word, size) > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.length() > 0 ? " " : "").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }

    float width(String text, float size) throws IOException {
        return font.getStringWidth(clean(text)) / 1000 * size;
    }

    private String fit(String text, float size, float width) throws IOException {
        if (width(text, size) <= width) {
            return text;
        }
        int length = text.length();
        while (length > 0 && width(text.substring(0, length) + "…", size) > width) {
            length--;
        }
        return text.substring(0, length) + "…";
    }

    /** What the font cannot draw is shown as a question mark; the exact text is in the other parts. */
    private String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .forEach(point -> clean.appendCodePoint(
                        Character.isISOControl(point) ? ' ' : glyphs.getGlyphId(point) > 0 ? point : '?'));
        return clean.toString();
    }

    /** Writes the same line at the foot of every page, with its number, and the document to a stream. */
    void finish(String foot, OutputStream out) throws IOException {
        page.close();
        for (int i = 0; i < pages.size(); i++) {
            try (PDPageContentStream end = new PDPageContentStream(
                    document, pages.get(i), PDPageContentStream.AppendMode.APPEND, true, true)) {
                page = end;
                y = 44;
                rule();
                text(LEFT, 14, 7.5f, false, FAINT, RIGHT - LEFT - 60, foot);
                text(RIGHT - 40, 14, 7.5f, false, FAINT, 60, words.of("page") + " " + (i + 1) + " / " + pages.size());
            }
        }
        document.save(out);
    }

    @Override
    public void close() throws IOException {
        document.close();
    }
}
