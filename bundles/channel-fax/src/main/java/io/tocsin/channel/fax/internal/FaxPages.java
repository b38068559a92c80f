package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.OutboundMessage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A message to the file a switch sends: its words on pages of their own, then its document. The pages of the last document are kept: as a rule one goes to everybody, and only its header
 * line differs. Not thread-safe.
 */
final class FaxPages {
    /** Where pages came from; a file that changed is another. */
    record Origin(Path file, long size, FileTime changed) {
        static Origin of(Path file) throws Unprintable {
            try {
                return new Origin(file, Files.size(file), Files.getLastModifiedTime(file));
            } catch (IOException e) {
                throw new Unprintable(Unprintable.Reason.PDF_MISSING);
            }
        }
    }

    private final FaxSettings settings;
    private final Clock clock;
    private final TextPages text;
    private final PdfPages pdf;
    private final HeaderLine header;
    private Origin kept;
    private List<BufferedImage> keptPages;

    FaxPages(FaxSettings settings, Clock clock) {
        this(new Face(), settings, clock);
    }

    private FaxPages(Face face, FaxSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.text = new TextPages(face, settings.resolution(), settings.maxPages());
        this.pdf = new PdfPages(settings.resolution(), settings.maxPages());
        this.header = new HeaderLine(face, settings.resolution(), settings.header(), settings.zone());
    }

    /**
     * Writes the file.
     *
     * @return how many pages it has
     * @throws Unprintable if the message cannot become a fax
     * @throws IOException if the file cannot be written
     */
    int write(OutboundMessage message, Path file) throws Unprintable, IOException {
        List<BufferedImage> pages = new ArrayList<>();
        if (hasWords(message)) {
            pages.addAll(text.pages(message.subject(), message.text()));
        }
        if (message.document().isPresent()) {
            pages.addAll(document(message.document().get()));
        }
        if (pages.size() > settings.maxPages()) {
            throw new Unprintable(Unprintable.Reason.TOO_MANY_PAGES);
        }
        TiffG4.write(file, header.on(pages, message, clock.instant()), settings.resolution());
        return pages.size();
    }

    /** Without a document there must be words: none at all is refused where they are set. */
    static boolean hasWords(OutboundMessage message) {
        return message.document().isEmpty()
                || !message.text().isBlank()
                || !message.subject().isBlank();
    }

    private List<BufferedImage> document(Path file) throws Unprintable {
        Origin origin = Origin.of(file);
        if (!origin.equals(kept)) {
            kept = null;
            keptPages = pdf.pages(file);
            kept = origin;
        }
        return keptPages;
    }
}
