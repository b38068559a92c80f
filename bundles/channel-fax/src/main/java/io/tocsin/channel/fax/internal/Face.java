package io.tocsin.channel.fax.internal;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.GeneralPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * Letters as outlines, from the one face that comes along (Liberation Sans): a server has no fonts, and the JVM's own text drawing fails
 * where there is none. Measuring is thread-safe, drawing is not.
 */
final class Face {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final TrueTypeFont font;
    private final CmapLookup glyphs;
    private final double unitsPerEm;
    private final Map<Integer, GeneralPath> outlines = new HashMap<>();

    Face() {
        try (InputStream in = PDDocument.class.getResourceAsStream(FONT)) {
            font = new TTFParser().parse(new RandomAccessReadBuffer(in.readAllBytes()));
            glyphs = font.getUnicodeCmapLookup();
            unitsPerEm = font.getUnitsPerEm();
        } catch (IOException e) {
            throw new UncheckedIOException("the face that comes along cannot be read", e);
        }
    }

    TrueTypeFont font() {
        return font;
    }

    /** The first letter or digit that the face lacks. */
    OptionalInt missing(String text) {
        return text.codePoints()
                .filter(c -> Character.isLetterOrDigit(c) && glyphs.getGlyphId(c) == 0)
                .findFirst();
    }

    /** @param size in points */
    double width(String text, double size) {
        return text.codePoints().mapToDouble(c -> advance(glyph(c))).sum() * size / unitsPerEm;
    }

    /** Draws a line from a point of its baseline; what the pen measures in is points. */
    void draw(Graphics2D pen, String text, double x, double y, double size) {
        AffineTransform before = pen.getTransform();
        pen.translate(x, y);
        pen.scale(size / unitsPerEm, -size / unitsPerEm);
        text.codePoints().forEach(c -> {
            int glyph = glyph(c);
            pen.fill(outline(glyph));
            pen.translate(advance(glyph), 0);
        });
        pen.setTransform(before);
    }

    /** A sign that the face lacks becomes a question mark. */
    private int glyph(int codePoint) {
        int glyph = glyphs.getGlyphId(codePoint);
        return glyph == 0 ? glyphs.getGlyphId('?') : glyph;
    }

    private double advance(int glyph) {
        try {
            return font.getAdvanceWidth(glyph);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GeneralPath outline(int glyph) {
        return outlines.computeIfAbsent(glyph, id -> {
            try {
                GlyphData data = font.getGlyph().getGlyph(id);
                return data == null ? new GeneralPath() : data.getPath();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
