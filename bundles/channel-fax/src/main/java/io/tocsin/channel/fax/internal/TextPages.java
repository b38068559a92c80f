package io.tocsin.channel.fax.internal;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** A text set on A4 pages: a title, paragraphs, and a new page at each form feed. Only {@link #count} is thread-safe. */
final class TextPages {
    private static final double LEFT = 57;
    private static final double RIGHT = 538;
    private static final double TOP = 70;
    private static final double BOTTOM = 785;
    private static final double SIZE = 13;
    private static final double TITLE = 18;
    private static final double SPACING = 1.4;

    /** A line and where its baseline is, in points from the top. */
    private record Line(String text, double size, double y) {}

    private final Face face;
    private final Resolution resolution;
    private final int most;

    TextPages(Face face, Resolution resolution, int most) {
        this.face = face;
        this.resolution = resolution;
        this.most = most;
    }

    /** @throws Unprintable if it is too long, empty, or written in a script that the face lacks */
    List<BufferedImage> pages(String title, String text) throws Unprintable {
        List<BufferedImage> pages = new ArrayList<>();
        for (List<Line> page : lines(title, text)) {
            pages.add(drawn(page));
        }
        return pages;
    }

    /** How many pages that takes; thread-safe. @throws Unprintable as {@link #pages} */
    int count(String title, String text) throws Unprintable {
        return lines(title, text).size();
    }

    private List<List<Line>> lines(String title, String text) throws Unprintable {
        if (title.isBlank() && text.isBlank()) {
            throw new Unprintable(Unprintable.Reason.TEXT_EMPTY);
        }
        if (face.missing(title).isPresent() || face.missing(text).isPresent()) {
            throw new Unprintable(Unprintable.Reason.TEXT_IN_UNKNOWN_SCRIPT);
        }
        List<List<Line>> pages = new ArrayList<>();
        pages.add(new ArrayList<>());
        double y = TOP;
        for (String line : wrapped(plain(title).strip(), TITLE)) {
            y = add(pages, line, TITLE, y);
        }
        y += title.isBlank() ? 0 : SIZE;
        String[] sheets = text.strip().split("\f", -1);
        for (int sheet = 0; sheet < sheets.length; sheet++) {
            if (sheet > 0) {
                pages.add(new ArrayList<>());
                y = TOP;
            }
            for (String paragraph : sheets[sheet].split("\r\n|[\n\r\u2028\u2029]", -1)) {
                List<String> lines = wrapped(plain(paragraph), SIZE);
                for (String line : lines) {
                    y = add(pages, line, SIZE, y);
                }
                y += lines.isEmpty() ? SIZE * SPACING : 0;
            }
        }
        return pages;
    }

    private double add(List<List<Line>> pages, String line, double size, double y) throws Unprintable {
        double next = y + size * SPACING;
        if (next > BOTTOM) {
            pages.add(new ArrayList<>());
            next = TOP + size * SPACING;
        }
        if (pages.size() > most) {
            throw new Unprintable(Unprintable.Reason.TOO_MANY_PAGES);
        }
        pages.get(pages.size() - 1).add(new Line(line, size, next));
        return next;
    }

    /** Words to lines; a word longer than a line is cut. */
    private List<String> wrapped(String paragraph, double size) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        double width = 0;
        for (String word : paragraph.split("(?<= )")) {
            double more = face.width(word.stripTrailing(), size);
            if (!line.isEmpty() && width + more > RIGHT - LEFT) {
                lines.add(line.toString());
                line.setLength(0);
                width = 0;
            }
            for (int c : word.codePoints().toArray()) {
                String sign = Character.toString(c);
                double its = face.width(sign, size);
                if (width + its > RIGHT - LEFT && c != ' ') {
                    lines.add(line.toString());
                    line.setLength(0);
                    width = 0;
                }
                line.append(sign);
                width += its;
            }
        }
        if (!line.toString().isBlank()) {
            lines.add(line.toString());
        }
        return lines;
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .map(c -> c == '\t' || c == '\u00a0' || c == '\u202f' ? ' ' : c)
                .filter(c -> Character.getType(c) != Character.FORMAT && !Character.isISOControl(c))
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    private BufferedImage drawn(List<Line> lines) {
        BufferedImage page = blank(resolution);
        Graphics2D pen = page.createGraphics();
        pen.setColor(Color.BLACK);
        pen.scale(Resolution.across(1), resolution.down(1));
        lines.forEach(line -> face.draw(pen, line.text(), LEFT, line.y(), line.size()));
        pen.dispose();
        return page;
    }

    /** A white page. */
    static BufferedImage blank(Resolution resolution) {
        BufferedImage page = new BufferedImage(Resolution.WIDTH, resolution.height, BufferedImage.TYPE_BYTE_BINARY);
        Graphics2D pen = page.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, page.getWidth(), page.getHeight());
        pen.dispose();
        return page;
    }
}
