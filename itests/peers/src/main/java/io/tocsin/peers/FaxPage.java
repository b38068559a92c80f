package io.tocsin.peers;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** A fax page as Asterisk takes it: TIFF, ITU-T T.6 ("G4"), 1728 dots a line at 204 × 196 dots per inch. */
public final class FaxPage {
    public static final int WIDTH = 1728;
    public static final int HEIGHT = 2292;

    private FaxPage() {}

    /** A white page of a size that fits, to draw on. */
    public static BufferedImage blank() {
        BufferedImage page = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY);
        var pen = page.createGraphics();
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        pen.dispose();
        return page;
    }

    public static void write(Path file, BufferedImage page) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        try (var out = ImageIO.createImageOutputStream(file.toFile())) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionType("CCITT T.6");
            IIOMetadata plain = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(page), how);
            TIFFDirectory directory = TIFFDirectory.createFromMetadata(plain);
            BaselineTIFFTagSet tags = BaselineTIFFTagSet.getInstance();
            directory.addTIFFField(rational(tags, BaselineTIFFTagSet.TAG_X_RESOLUTION, 204));
            directory.addTIFFField(rational(tags, BaselineTIFFTagSet.TAG_Y_RESOLUTION, 196));
            directory.addTIFFField(new TIFFField(
                    tags.getTag(BaselineTIFFTagSet.TAG_RESOLUTION_UNIT), BaselineTIFFTagSet.RESOLUTION_UNIT_INCH));
            // spandsp, the fax of Asterisk, takes no value for granted
            directory.addTIFFField(new TIFFField(tags.getTag(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE), 1));
            directory.addTIFFField(new TIFFField(tags.getTag(BaselineTIFFTagSet.TAG_ROWS_PER_STRIP), page.getHeight()));
            writer.setOutput(out);
            writer.write(null, new IIOImage(page, null, directory.getAsMetadata()), how);
        } finally {
            writer.dispose();
        }
    }

    /** The pages of a fax, sent or received. @throws IOException also while it is being written */
    public static List<BufferedImage> read(Path file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("tiff").next();
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            reader.setInput(in);
            List<BufferedImage> pages = new ArrayList<>();
            for (int n = 0; n < reader.getNumImages(true); n++) {
                pages.add(reader.read(n));
            }
            return pages;
        } finally {
            reader.dispose();
        }
    }

    private static TIFFField rational(BaselineTIFFTagSet tags, int tag, int value) {
        return new TIFFField(tags.getTag(tag), TIFFField.getTypeByName("Rational"), 1, new long[][] {{value, 1}});
    }
}
