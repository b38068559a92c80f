package io.tocsin.alerting.internal.pdf;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import org.apache.fontbox.FontBoxFont;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.CIDFontMapping;
import org.apache.pdfbox.pdmodel.font.FontMapper;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.font.FontMapping;
import org.apache.pdfbox.pdmodel.font.PDCIDSystemInfo;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.rendering.PDFRenderer;

/**
 * A program of its own, started by {@link PdfReader}: draws every page of a PDF as a fax does, and says on its standard output how many
 * there are, or in one word what is wrong. Alone in one class file: that is what it is started from.
 */
final class PdfProof implements FontMapper {
    /** As channel-fax draws: 204 by 196 dots an inch, on A4. */
    private static final int WIDTH = 1_728;

    private static final int HEIGHT = 2_292;
    private static final double LARGEST = 15_000;
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final TrueTypeFont font;

    private PdfProof(TrueTypeFont font) {
        this.font = font;
    }

    /** @param arguments the file, and how many pages are too many */
    public static void main(String[] arguments) throws IOException {
        // No other font of the machine is read, as on a fax.
        try (InputStream in = PDDocument.class.getResourceAsStream(FONT)) {
            FontMappers.set(new PdfProof(new TTFParser().parse(new RandomAccessReadBuffer(in))));
        }
        System.out.println(said(new File(arguments[0]), Integer.parseInt(arguments[1])));
    }

    private static String said(File file, int mostPages) {
        try (PDDocument document = Loader.loadPDF(file)) {
            int pages = document.getNumberOfPages();
            if (pages > mostPages) {
                return "too-many-pages";
            }
            draw(document);
            return pages == 0 ? "empty" : Integer.toString(pages);
        } catch (InvalidPasswordException e) {
            return "encrypted";
        } catch (IOException | RuntimeException | StackOverflowError e) { // PDFBox meets a broken document with any
            return "damaged";
        }
    }

    private static void draw(PDDocument document) throws IOException {
        PDFRenderer renderer = new PDFRenderer(document);
        renderer.setSubsamplingAllowed(true);
        BufferedImage sheet = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int n = 0; n < document.getNumberOfPages(); n++) {
            PDRectangle box = document.getPage(n).getCropBox();
            double longest = Math.max(box.getWidth(), box.getHeight());
            double shortest = Math.min(box.getWidth(), box.getHeight());
            if (!(shortest >= 1 && longest <= LARGEST)) {
                throw new IOException("page " + n + " is no page");
            }
            Graphics2D pen = sheet.createGraphics();
            pen.setBackground(Color.WHITE);
            pen.clearRect(0, 0, WIDTH, HEIGHT);
            double scale = Math.min(WIDTH / shortest, HEIGHT / longest);
            pen.scale(scale, scale);
            renderer.renderPageToGraphics(n, pen, 1);
            pen.dispose();
        }
    }

    @Override
    public FontMapping<TrueTypeFont> getTrueTypeFont(String baseFont, PDFontDescriptor descriptor) {
        return new FontMapping<>(font, false);
    }

    @Override
    public FontMapping<FontBoxFont> getFontBoxFont(String baseFont, PDFontDescriptor descriptor) {
        return new FontMapping<>(font, false);
    }

    @Override
    public CIDFontMapping getCIDFont(String baseFont, PDFontDescriptor descriptor, PDCIDSystemInfo system) {
        return new CIDFontMapping(null, font, false);
    }
}
