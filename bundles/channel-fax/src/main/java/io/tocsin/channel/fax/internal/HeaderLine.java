package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.OutboundMessage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The line at the top of each page: who sends, when, under which reference, and which page of how many. Not thread-safe. */
final class HeaderLine {
    /** What stays free for it at the top of a page, in points. */
    static final double BAND = 24;

    private static final double SIZE = 9;
    private static final double BASELINE = 15;
    private static final double LEFT = 20;
    private static final double RIGHT = 590;
    private static final int LONGEST_SENDER = 50;
    private static final int SHORT_REFERENCE = 8;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm");

    private final Face face;
    private final Resolution resolution;
    private final String usualSender;
    private final ZoneId zone;

    HeaderLine(Face face, Resolution resolution, String usualSender, ZoneId zone) {
        this.face = face;
        this.resolution = resolution;
        this.usualSender = usualSender;
        this.zone = zone;
    }

    /** Draws it on a copy of each page. */
    List<BufferedImage> on(List<BufferedImage> pages, OutboundMessage message, Instant now) {
        String left = left(message, now);
        List<BufferedImage> headed = new ArrayList<>();
        for (int n = 1; n <= pages.size(); n++) {
            headed.add(headed(pages.get(n - 1), left, "p. " + n + "/" + pages.size()));
        }
        return headed;
    }

    String left(OutboundMessage message, Instant now) {
        boolean english = message.language().startsWith("en");
        List<String> words = new ArrayList<>();
        String sender = plain(message.sender().filter(name -> !name.isBlank()).orElse(usualSender));
        if (!sender.isBlank()) {
            words.add(sender);
        }
        words.add(DATE.format(now.atZone(zone)));
        String reference = message.reference();
        words.add(
                (english ? "ref. " : "réf. ") + reference.substring(Math.max(0, reference.length() - SHORT_REFERENCE)));
        if (message.drill()) {
            words.add(english ? "EXERCISE" : "EXERCICE");
        }
        if (message.possibleDuplicate()) {
            words.add(english ? "possibly sent before" : "deuxième envoi possible");
        }
        return String.join("  ·  ", words);
    }

    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        name.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                .limit(LONGEST_SENDER)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    private BufferedImage headed(BufferedImage page, String left, String right) {
        BufferedImage copy = TextPages.blank(resolution);
        Graphics2D pen = copy.createGraphics();
        pen.drawImage(page, 0, 0, null);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, Resolution.WIDTH, (int) resolution.down(BAND));
        pen.setColor(Color.BLACK);
        pen.scale(Resolution.across(1), resolution.down(1));
        face.draw(pen, left, LEFT, BASELINE, SIZE);
        face.draw(pen, right, RIGHT - face.width(right, SIZE), BASELINE, SIZE);
        pen.dispose();
        return copy;
    }
}
