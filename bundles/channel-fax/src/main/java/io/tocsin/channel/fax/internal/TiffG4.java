package io.tocsin.channel.fax.internal;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;

/** Pages to a file as a switch takes them: TIFF, ITU-T T.6 ("G4"). */
final class TiffG4 {
    private static final String TREE = "javax_imageio_tiff_image_1.0";

    private TiffG4() {}

    static void write(Path file, List<BufferedImage> pages, Resolution resolution) throws IOException {
        Files.deleteIfExists(file); // the stream does not cut what is there
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        try (ImageOutputStream out = new FileImageOutputStream(file.toFile())) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionType("CCITT T.6");
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (BufferedImage page : pages) {
                writer.writeToSequence(new IIOImage(page, null, tags(writer, page, how, resolution)), how);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
    }

    /** In a tree: the classes for it, {@code javax.imageio.plugins.tiff}, are not to be had in every container. */
    private static IIOMetadata tags(ImageWriter writer, BufferedImage page, ImageWriteParam how, Resolution resolution)
            throws IIOInvalidTreeException {
        IIOMetadata tags = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(page), how);
        IIOMetadataNode directory = new IIOMetadataNode("TIFFIFD");
        directory.setAttribute("tagSets", "javax.imageio.plugins.tiff.BaselineTIFFTagSet");
        directory.appendChild(field(282, "XResolution", "Rational", Resolution.ACROSS + "/1"));
        directory.appendChild(field(283, "YResolution", "Rational", resolution.down + "/1"));
        directory.appendChild(field(296, "ResolutionUnit", "Short", "2"));
        // spandsp, the fax of Asterisk, takes no value for granted
        directory.appendChild(field(258, "BitsPerSample", "Short", "1"));
        directory.appendChild(field(278, "RowsPerStrip", "Short", Integer.toString(page.getHeight())));
        IIOMetadataNode tree = new IIOMetadataNode(TREE);
        tree.appendChild(directory);
        tags.mergeTree(TREE, tree);
        return tags;
    }

    private static IIOMetadataNode field(int number, String name, String type, String value) {
        IIOMetadataNode one = new IIOMetadataNode("TIFF" + type);
        one.setAttribute("value", value);
        IIOMetadataNode all = new IIOMetadataNode("TIFF" + type + "s");
        all.appendChild(one);
        IIOMetadataNode field = new IIOMetadataNode("TIFFField");
        field.setAttribute("number", Integer.toString(number));
        field.setAttribute("name", name);
        field.appendChild(all);
        return field;
    }
}
