package io.tocsin.channel.fax.internal;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.rendering.PDFRenderer;

/** A PDF as fax pages: each scaled to the width of a fax, or turned when it is wider than high; grey made of dots. */
final class PdfPages {
    private static final long MOST_BYTES = 20L << 20;
    /** Of a page, in points: beyond these nobody means a page. */
    private static final double LARGEST = 15_000;

    private static final int BLACK_BELOW = 80;
    private static final int WHITE_ABOVE = 190;

    private final Resolution resolution;
    private final int most;

    PdfPages(Resolution resolution, int most) {
        this.resolution = resolution;
        this.most = most;
    }

    /** @throws Unprintable if it is no PDF, is broken, encrypted, or too long; nothing is drawn of one that is too long */
    List<BufferedImage> pages(Path file) throws Unprintable {
        return read(file, document -> {
            PDFRenderer renderer = new PDFRenderer(document);
            renderer.setSubsamplingAllowed(true);
            List<BufferedImage> pages = new ArrayList<>();
            for (int n = 0; n < document.getNumberOfPages(); n++) {
                pages.add(page(renderer, document, n));
            }
            return pages;
        });
    }

    /** How many pages it has; thread-safe. @throws Unprintable as {@link #pages} */
    int count(Path file) throws Unprintable {
        return read(file, PDDocument::getNumberOfPages);
    }

    /** What is done with a document. */
    private interface Reading<T> {
        T of(PDDocument document) throws IOException, Unprintable;
    }

    private <T> T read(Path file, Reading<T> reading) throws Unprintable {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Unprintable(Unprintable.Reason.PDF_TOO_LARGE);
            }
        } catch (IOException e) {
            throw new Unprintable(Unprintable.Reason.PDF_MISSING);
        }
        try (PDDocument document = Loader.loadPDF(new RandomAccessReadBufferedFile(file))) {
            if (document.getNumberOfPages() > most) {
                throw new Unprintable(Unprintable.Reason.TOO_MANY_PAGES);
            }
            if (document.getNumberOfPages() == 0) {
                throw new Unprintable(Unprintable.Reason.PDF_EMPTY);
            }
            return reading.of(document);
        } catch (InvalidPasswordException e) {
            throw new Unprintable(Unprintable.Reason.PDF_ENCRYPTED);
        } catch (IOException | RuntimeException e) { // PDFBox meets a broken document with either
            throw new Unprintable(Unprintable.Reason.PDF_BROKEN);
        }
    }

    private BufferedImage page(PDFRenderer renderer, PDDocument document, int n) throws IOException, Unprintable {
        PDRectangle box = document.getPage(n).getCropBox();
        boolean lying = document.getPage(n).getRotation() % 180 != 0;
        double width = lying ? box.getHeight() : box.getWidth();
        double height = lying ? box.getWidth() : box.getHeight();
        if (!(width >= 1 && height >= 1 && width <= LARGEST && height <= LARGEST)) {
            throw new Unprintable(Unprintable.Reason.PDF_BROKEN);
        }
        boolean turned = width > height;
        double across = turned ? height : width;
        double down = turned ? width : height;
        double top = resolution.down(HeaderLine.BAND);
        // points on paper for each point of the page: what fits, and never larger than it is
        double fit = Math.min(
                1,
                Math.min(
                        Resolution.WIDTH / Resolution.across(across),
                        (resolution.height - top) / resolution.down(down)));
        double scaleX = Resolution.across(fit);
        double scaleY = resolution.down(fit);
        BufferedImage drawn = new BufferedImage(Resolution.WIDTH, resolution.height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = drawn.createGraphics();
        pen.setBackground(Color.WHITE);
        pen.clearRect(0, 0, drawn.getWidth(), drawn.getHeight());
        pen.translate((Resolution.WIDTH - across * scaleX) / 2, top);
        pen.scale(scaleX, scaleY);
        if (turned) {
            pen.translate(across, 0);
            pen.rotate(Math.PI / 2);
        }
        renderer.renderPageToGraphics(n, pen, 1);
        pen.dispose();
        return dots(drawn);
    }

    /** What is nearly black or white is made so, that letters stay clean; the rest by error diffusion (Floyd and Steinberg). */
    private static BufferedImage dots(BufferedImage drawn) {
        int width = drawn.getWidth();
        int height = drawn.getHeight();
        int[] from = ((DataBufferInt) drawn.getRaster().getDataBuffer()).getData();
        BufferedImage page = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY);
        byte[] to = ((DataBufferByte) page.getRaster().getDataBuffer()).getData();
        int rowBytes = (width + 7) / 8;
        float[] errors = new float[width + 2];
        float[] next = new float[width + 2];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int seen = brightness(from[y * width + x]);
                boolean white;
                if (seen < BLACK_BELOW || seen > WHITE_ABOVE) {
                    white = seen > WHITE_ABOVE;
                } else {
                    float wanted = seen + errors[x + 1];
                    white = wanted >= 128;
                    float error = wanted - (white ? 255 : 0);
                    errors[x + 2] += error * 7 / 16;
                    next[x] += error * 3 / 16;
                    next[x + 1] += error * 5 / 16;
                    next[x + 2] += error / 16;
                }
                if (white) {
                    to[y * rowBytes + x / 8] |= (byte) (0x80 >> x % 8);
                }
            }
            float[] done = errors;
            errors = next;
            next = done;
            Arrays.fill(next, 0);
        }
        return page;
    }

    /** 0 is black, 255 white; by the weights of ITU-R BT.601. An image of Java's grey kind would make all that is dark black. */
    private static int brightness(int rgb) {
        return ((rgb >> 16 & 0xff) * 299 + (rgb >> 8 & 0xff) * 587 + (rgb & 0xff) * 114) / 1_000;
    }
}
