package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.OutboundMessage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many pages a message will have; nothing is drawn. Thread-safe. */
final class PageCount {
    private static final int MOST_KEPT = 100;

    private final int mostPages;
    private final TextPages text;
    private final PdfPages pdf;
    private final Map<FaxPages.Origin, Integer> documents = new ConcurrentHashMap<>();

    PageCount(Face face, FaxSettings settings) {
        this.mostPages = settings.maxPages();
        this.text = new TextPages(face, settings.resolution(), settings.maxPages());
        this.pdf = new PdfPages(settings.resolution(), settings.maxPages());
    }

    /** @throws Unprintable for what cannot become a fax */
    int of(OutboundMessage message) throws Unprintable {
        int words = FaxPages.hasWords(message) ? text.count(message.subject(), message.text()) : 0;
        int all = words
                + (message.document().isPresent() ? pages(message.document().get()) : 0);
        if (all > mostPages) {
            throw new Unprintable(Unprintable.Reason.TOO_MANY_PAGES);
        }
        return all;
    }

    private int pages(Path document) throws Unprintable {
        FaxPages.Origin origin = FaxPages.Origin.of(document);
        Integer known = documents.get(origin);
        if (known == null) {
            known = pdf.count(origin.file());
            if (documents.size() >= MOST_KEPT) {
                documents.clear();
            }
            documents.put(origin, known);
        }
        return known;
    }
}
