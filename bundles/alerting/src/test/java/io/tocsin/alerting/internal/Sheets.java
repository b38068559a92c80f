package io.tocsin.alerting.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceRGB;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;

/** PDFs to bring: of so many pages, locked, and of the kind that nobody should draw. */
public final class Sheets {
    private Sheets() {}

    public static byte[] pdf(int pages, String word) {
        return made(document -> {
            for (int n = 1; n <= pages; n++) {
                page(document, word + " " + n);
            }
        });
    }

    static byte[] locked(String password) {
        return made(document -> {
            page(document, "Plan");
            document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
        });
    }

    /** A few megabytes at most that become hundreds when they are drawn. */
    static byte[] bomb() {
        return made(document -> {
            int side = 12_000;
            ByteArrayOutputStream pixels = new ByteArrayOutputStream();
            try (OutputStream out = new DeflaterOutputStream(pixels, new Deflater(Deflater.BEST_SPEED))) {
                byte[] row = new byte[3 * side];
                for (int y = 0; y < side; y++) {
                    out.write(row);
                }
            }
            PDImageXObject image = new PDImageXObject(
                    document,
                    new ByteArrayInputStream(pixels.toByteArray()),
                    COSName.FLATE_DECODE,
                    side,
                    side,
                    8,
                    PDDeviceRGB.INSTANCE);
            PDPage page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawImage(image, 0, 0, 500, 500);
            }
        });
    }

    /** Written by hand: a font of PDFBox's would have it read all fonts of the machine. */
    private static void page(PDDocument document, String words) throws IOException {
        COSDictionary font = new COSDictionary();
        font.setItem(COSName.TYPE, COSName.FONT);
        font.setItem(COSName.SUBTYPE, COSName.TYPE1);
        font.setName(COSName.BASE_FONT, "Times-Roman");
        COSDictionary fonts = new COSDictionary();
        fonts.setItem(COSName.getPDFName("F1"), font);
        PDResources resources = new PDResources();
        resources.getCOSObject().setItem(COSName.FONT, fonts);
        PDStream content = new PDStream(document);
        try (OutputStream out = content.createOutputStream()) {
            out.write(("BT /F1 20 Tf 50 700 Td (" + words + ") Tj ET").getBytes(StandardCharsets.US_ASCII));
        }
        PDPage page = new PDPage(PDRectangle.A4);
        page.setResources(resources);
        page.setContents(content);
        document.addPage(page);
    }

    private interface Making {
        void make(PDDocument document) throws IOException;
    }

    private static byte[] made(Making making) {
        try (PDDocument document = new PDDocument()) {
            making.make(document);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
