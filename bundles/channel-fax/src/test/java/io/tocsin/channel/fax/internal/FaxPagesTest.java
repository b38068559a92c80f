package io.tocsin.channel.fax.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.platform.asterisk.trunk.TrunkNumbers;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaxPagesTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-07-14T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @BeforeAll
    static void oneFace() {
        FontMappers.set(new OneFace(new Face().font()));
    }

    private FaxSettings settings(Resolution resolution) {
        return new FaxSettings(
                "127.0.0.1",
                5038,
                "tocsin",
                "secret",
                new TrunkNumbers("PJSIP/{number}@carrier", TrunkNumbers.Form.NATIONAL, "+33199001234"),
                4,
                new FaxNumber("+33199001234"),
                "+33199001234",
                "Commune de Saint-Aurel",
                resolution,
                3,
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                true,
                folder,
                folder.toString(),
                new FaxSettings.Waits(Duration.ofMinutes(3), Duration.ofMinutes(5), Duration.ofMinutes(5)),
                ZoneId.of("Europe/Paris"));
    }

    private List<BufferedImage> written(OutboundMessage message, Resolution resolution) throws Exception {
        Path file = folder.resolve("fax.tif");
        int pages = new FaxPages(settings(resolution), NOON).write(message, file);
        List<BufferedImage> read = read(file);
        assertThat(read).hasSize(pages);
        return read;
    }

    static List<BufferedImage> read(Path file) throws IOException {
        List<BufferedImage> pages = new ArrayList<>();
        ImageReader reader = ImageIO.getImageReadersByFormatName("tiff").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            reader.setInput(in);
            for (int n = 0; n < reader.getNumImages(true); n++) {
                pages.add(reader.read(n));
            }
        } finally {
            reader.dispose();
        }
        return pages;
    }

    private String refusal(OutboundMessage message) {
        return catchThrowableOfType(Unprintable.class, () -> new FaxPages(settings(Resolution.FINE), NOON)
                        .write(message, folder.resolve("refused.tif")))
                .code();
    }

    private static OutboundMessage text(String subject, String text) {
        return message(subject, text, Optional.empty());
    }

    private static OutboundMessage document(Path file) {
        return message("", "", Optional.of(file));
    }

    private static OutboundMessage message(String subject, String text, Optional<Path> document) {
        return new OutboundMessage(
                "01JD-fax-12345678",
                "+33199000010",
                Optional.empty(),
                "fr",
                subject,
                text,
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.OPERATIONAL,
                false,
                false,
                "key",
                Optional.empty(),
                document);
    }

    private static long black(BufferedImage page, double from, double to) {
        long black = 0;
        for (int y = (int) (page.getHeight() * from); y < (int) (page.getHeight() * to); y++) {
            for (int x = 0; x < page.getWidth(); x++) {
                black += (page.getRGB(x, y) & 0xffffff) == 0 ? 1 : 0;
            }
        }
        return black;
    }

    @Test
    void aTextBecomesPagesOfAFaxEachWithItsHeader() throws Exception {
        List<BufferedImage> pages = written(
                text("Vigilance crues", "Cote d’alerte dépassée à 6 h 40.\n\nÇà et là : œuvres, 50 €.\fSuite"),
                Resolution.FINE);
        assertThat(pages).hasSize(2).allSatisfy(page -> {
            assertThat(page.getWidth()).isEqualTo(1728);
            assertThat(page.getHeight()).isEqualTo(2292);
            assertThat(black(page, 0, 0.025)).as("the header").isPositive();
            assertThat(black(page, 0.08, 0.5)).as("the text").isBetween(200L, 60_000L);
            assertThat(black(page, 0.6, 1)).as("below it").isZero();
        });
    }

    @Test
    void standardResolutionHasHalfTheLines() throws Exception {
        assertThat(written(text("", "Une ligne"), Resolution.STANDARD))
                .singleElement()
                .satisfies(page -> assertThat(page.getHeight()).isEqualTo(1146));
    }

    @Test
    void theHeaderSaysWhoWhenWhichAndWhatItIs() {
        HeaderLine header = new HeaderLine(new Face(), Resolution.FINE, "Commune", ZoneId.of("Europe/Paris"));
        assertThat(header.left(text("", "x"), NOON.instant()))
                .isEqualTo("Commune  ·  14/07/2026 12:00  ·  réf. 12345678");
        OutboundMessage again = new OutboundMessage(
                "r",
                "+33199000010",
                Optional.of("Préfecture\r\nBcc: x"),
                "en-GB",
                "",
                "x",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.LIFE_SAFETY,
                true,
                true);
        assertThat(header.left(again, NOON.instant()))
                .isEqualTo("PréfectureBcc: x  ·  14/07/2026 12:00  ·  ref. r  ·  EXERCISE  ·  possibly sent before");
    }

    @Test
    void longTextsGoOnAndTooLongOnesAreRefused() throws Exception {
        assertThat(written(text("", "Un mot et un autre. ".repeat(200)), Resolution.FINE))
                .hasSizeBetween(2, 3);
        assertThat(written(text("", "x".repeat(3_000)), Resolution.FINE)).hasSizeBetween(1, 3);
        assertThat(refusal(text("", "Un mot et un autre. ".repeat(2_000)))).isEqualTo("too-many-pages");
    }

    @Test
    void whatTheFaceLacksIsRefusedAndNotLeftOut() {
        assertThat(refusal(text("", "تنبيه"))).isEqualTo("text-in-unknown-script");
        assertThat(refusal(text("警報", "x"))).isEqualTo("text-in-unknown-script");
        assertThat(refusal(text("", " \n\t"))).isEqualTo("text-empty");
    }

    @Test
    void signsTheFaceLacksBecomeQuestionMarks() throws Exception {
        assertThat(written(text("", "Attention 🚨 → →\u200b!"), Resolution.FINE))
                .hasSize(1);
    }

    @Test
    void aPdfBecomesPagesWhateverTheirSize() throws Exception {
        Path file = pdf("sizes.pdf", List.of(PDRectangle.A4, new PDRectangle(842, 595), PDRectangle.A0), null);
        assertThat(written(document(file), Resolution.FINE)).hasSize(3).allSatisfy(page -> {
            assertThat(page.getHeight()).isEqualTo(2292);
            assertThat(black(page, 0, 0.025)).as("the header").isPositive();
            assertThat(black(page, 0.03, 1)).as("the document").isPositive();
        });
    }

    @Test
    void aPdfThatCannotBeSentIsRefusedByName() throws Exception {
        assertThat(refusal(document(folder.resolve("none.pdf")))).isEqualTo("pdf-missing");
        assertThat(refusal(document(pdf("long.pdf", Collections.nCopies(500, PDRectangle.A4), null))))
                .isEqualTo("too-many-pages");
        assertThat(refusal(document(pdf("locked.pdf", List.of(PDRectangle.A4), "pass"))))
                .isEqualTo("pdf-encrypted");
        assertThat(refusal(document(pdf("none.pdf", List.of(), null)))).isEqualTo("pdf-empty");
        assertThat(refusal(document(pdf("thin.pdf", List.of(new PDRectangle(0.1f, 900)), null))))
                .isEqualTo("pdf-broken");
        assertThat(refusal(document(Files.writeString(folder.resolve("text.pdf"), "no PDF at all"))))
                .isEqualTo("pdf-broken");
        assertThat(refusal(document(Files.write(folder.resolve("empty.pdf"), new byte[0]))))
                .isEqualTo("pdf-broken");
        byte[] whole = Files.readAllBytes(pdf("whole.pdf", List.of(PDRectangle.A4, PDRectangle.A4), null));
        Path cut = Files.write(folder.resolve("cut.pdf"), Arrays.copyOf(whole, whole.length / 4));
        assertThat(refusal(document(cut))).isIn("pdf-broken", "pdf-empty");
        Path large = folder.resolve("large.pdf");
        try (var out = new RandomAccessFile(large.toFile(), "rw")) {
            out.setLength(21L << 20);
        }
        assertThat(refusal(document(large))).isEqualTo("pdf-too-large");
    }

    @Test
    void theWordsAreACoverBeforeTheDocument() throws Exception {
        Path file = pdf("plan.pdf", List.of(PDRectangle.A4, PDRectangle.A4), null);
        List<BufferedImage> pages =
                written(message("Évacuation", "Rejoignez la salle.", Optional.of(file)), Resolution.FINE);
        assertThat(pages).hasSize(3);
        assertThat(black(pages.get(0), 0.03, 0.2)).as("the words").isPositive();
        assertThat(black(pages.get(0), 0.25, 0.75)).as("no document").isZero();
        assertThat(pages.subList(1, 3))
                .allSatisfy(page ->
                        assertThat(black(page, 0.25, 0.75)).as("the document").isGreaterThan(500_000));
        assertThat(written(message("", " \n", Optional.of(file)), Resolution.FINE))
                .as("the document alone")
                .hasSize(2);
        assertThat(written(message("Plan", "", Optional.of(file)), Resolution.FINE))
                .hasSize(3);
    }

    @Test
    void aCoverCountsAsAPage() throws Exception {
        Path three = pdf("three.pdf", Collections.nCopies(3, PDRectangle.A4), null);
        PageCount count = new PageCount(new Face(), settings(Resolution.FINE));
        assertThat(written(document(three), Resolution.FINE)).hasSize(3);
        assertThat(count.of(document(three))).isEqualTo(3);
        assertThat(refusal(message("", "Avec une page de garde", Optional.of(three))))
                .isEqualTo("too-many-pages");
        Path two = pdf("two.pdf", Collections.nCopies(2, PDRectangle.A4), null);
        assertThat(count.of(message("", "Avec une page de garde", Optional.of(two))))
                .isEqualTo(3);
        assertThat(count.of(message("", "Une page", Optional.empty()))).isEqualTo(1);
        assertThatThrownBy(() -> count.of(message("", "Avec une page de garde", Optional.of(three))))
                .as("what the preview says is what the fax meets")
                .isInstanceOf(Unprintable.class)
                .hasMessage("too-many-pages");
        assertThatThrownBy(() -> count.of(message("", "", Optional.empty()))).hasMessage("text-empty");
    }

    @Test
    void aDocumentIsDrawnOnceAndAgainWhenItChanged() throws Exception {
        FaxPages pages = new FaxPages(settings(Resolution.FINE), NOON);
        Path file = pdf("one.pdf", List.of(PDRectangle.A4), null);
        assertThat(pages.write(document(file), folder.resolve("1.tif"))).isEqualTo(1);
        Files.delete(
                pdf("one.pdf", List.of(PDRectangle.A4, PDRectangle.A4), null).resolveSibling("1.tif"));
        assertThat(pages.write(document(file), folder.resolve("2.tif"))).isEqualTo(2);
    }

    private Path pdf(String name, List<PDRectangle> sizes, String password) throws IOException {
        Path file = folder.resolve(name);
        try (PDDocument document = new PDDocument()) {
            for (PDRectangle size : sizes) {
                PDPage page = new PDPage(size);
                document.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.addRect(
                            size.getWidth() / 4, size.getHeight() / 4, size.getWidth() / 2, size.getHeight() / 2);
                    content.fill();
                    content.beginText();
                    content.setFont(new PDType1Font(Standard14Fonts.FontName.TIMES_ROMAN), 20);
                    content.newLineAtOffset(10, 10);
                    content.showText("Plan");
                    content.endText();
                }
            }
            if (password != null) {
                document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
            }
            document.save(file.toFile());
        }
        return file;
    }
}
