package io.tocsin.audit.internal;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The report of an alert for people: one to three pages in the tenant's language, without a name or an address of a recipient. */
final class Report {
    private static final Color LIVE = new Color(0x9f1239);
    private static final Color DRILL = new Color(0x1d4ed8);
    private static final Color GREEN = new Color(0x166534);
    private static final Color AMBER = new Color(0x9a3412);
    private static final int MOST_EVENTS = 40;

    private final AlertFacts facts;
    private final Instant asOf;
    private final String keyId;
    private final Words words;
    private final DateTimeFormatter moment;

    Report(AlertFacts facts, Words words, Instant asOf, String keyId) {
        this.facts = facts;
        this.asOf = asOf;
        this.keyId = keyId;
        this.words = words;
        this.moment = words.moment(facts.zone());
    }

    void writeTo(OutputStream out) throws IOException {
        try (Sheet sheet = new Sheet(words.of("report") + " — " + facts.title(), facts.tenantName(), words)) {
            banner(sheet);
            identity(sheet);
            totals(sheet);
            answers(sheet);
            waves(sheet);
            messages(sheet);
            timeline(sheet);
            verification(sheet);
            sheet.finish(
                    facts.tenantName() + " · " + words.of("alert") + " " + facts.alertId()
                            + (facts.drill() ? " · " + words.of("drill.foot") : "")
                            + " · " + words.of("as-of") + " " + moment.format(asOf) + " (" + facts.zone() + ")",
                    out);
        }
    }

    private void banner(Sheet sheet) throws IOException {
        float width = Sheet.RIGHT - Sheet.LEFT;
        sheet.box(Sheet.LEFT, width, 86, facts.drill() ? DRILL : LIVE);
        sheet.text(Sheet.LEFT + 16, 22, 10, true, Color.WHITE, width - 32, words.of(facts.drill() ? "drill" : "live"));
        sheet.text(Sheet.LEFT + 16, 48, 19, true, Color.WHITE, width - 32, facts.title());
        sheet.text(
                Sheet.LEFT + 16,
                70,
                11,
                false,
                Color.WHITE,
                width - 32,
                words.of("report") + " · " + facts.tenantName());
        sheet.skip(104);
    }

    private void identity(Sheet sheet) throws IOException {
        line(
                sheet,
                words.of("scenario"),
                facts.scenario() + " (" + words.of("version") + " " + facts.scenarioVersion() + ")");
        line(sheet, words.of("category"), words.code("category", facts.category()));
        line(sheet, words.of("launched-by"), facts.launchedBy());
        line(sheet, words.of("launched-at"), moment.format(facts.launchedAt()));
        line(
                sheet,
                words.of("state"),
                words.code("state", facts.state())
                        + facts.endedAt()
                                .map(at -> " " + words.of("on") + " " + moment.format(at))
                                .orElse(""));
        if (facts.kin().trial()) {
            line(sheet, words.of("trial"), words.of("trial.text"));
        }
        if (facts.kin().follows().isPresent()) {
            AlertKin.Other first = facts.kin().follows().get();
            line(sheet, words.of("follows." + first.kind()), told(first));
        }
        for (AlertKin.Other after : facts.kin().followedBy()) {
            line(sheet, words.of("followed-by." + after.kind()), told(after));
        }
        sheet.skip(8);
    }

    private static void line(Sheet sheet, String name, String value) throws IOException {
        sheet.need(16);
        sheet.text(Sheet.LEFT, 10, 9.5f, false, Sheet.FAINT, 110, name);
        sheet.text(Sheet.LEFT + 116, 10, 9.5f, true, Sheet.INK, 380, value);
        sheet.skip(16);
    }

    /** Its number and moment first: a title may be cut. */
    private String told(AlertKin.Other other) {
        return words.of("alert") + " " + other.alertId() + ", " + moment.format(other.launchedAt()) + " — "
                + other.title();
    }

    private void totals(Sheet sheet) throws IOException {
        heading(sheet, words.of("totals"), 80);
        record Tile(String name, Color color) {}
        List<Tile> tiles = List.of(
                new Tile("recipients", Sheet.INK),
                new Tile("answered", GREEN),
                new Tile("delivered", GREEN),
                new Tile("failed", LIVE),
                new Tile("unknown", AMBER),
                new Tile("pending", Sheet.FAINT));
        float gap = 6;
        float width = (Sheet.RIGHT - Sheet.LEFT - gap * (tiles.size() - 1)) / tiles.size();
        for (int i = 0; i < tiles.size(); i++) {
            float x = Sheet.LEFT + i * (width + gap);
            sheet.box(x, width, 50, Sheet.PALE);
            sheet.text(
                    x + 7,
                    24,
                    16,
                    true,
                    tiles.get(i).color(),
                    width - 10,
                    words.number(total(tiles.get(i).name())));
            sheet.text(
                    x + 7,
                    41,
                    7.5f,
                    false,
                    Sheet.FAINT,
                    width - 8,
                    words.of("total." + tiles.get(i).name()));
        }
        sheet.skip(62);
        if (total("flagged") > 0) {
            sheet.paragraph(8.5f, AMBER, 2, words.of("flagged", words.number(total("flagged"))));
        }
        if (total("published") > 0) {
            sheet.paragraph(8.5f, Sheet.INK, 2, words.of("published", words.number(total("published"))));
        }
        sheet.skip(8);
    }

    private void answers(Sheet sheet) throws IOException {
        if (facts.answers().isEmpty()) {
            return;
        }
        heading(sheet, words.of("answers"), 50);
        long most = facts.answers().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(1);
        for (Map.Entry<String, Long> answer : facts.answers().entrySet()) {
            sheet.need(20);
            String meaning = facts.meaning(answer.getKey());
            sheet.text(
                    Sheet.LEFT,
                    11,
                    9.5f,
                    false,
                    Sheet.INK,
                    170,
                    meaning.equals(answer.getKey()) ? meaning : answer.getKey() + " — " + meaning);
            float bar = Math.max(2, 240f * answer.getValue() / most);
            sheet.box(Sheet.LEFT + 180, bar, 13, GREEN);
            sheet.text(Sheet.LEFT + 188 + bar, 11, 9.5f, true, Sheet.INK, 70, words.number(answer.getValue()));
            sheet.skip(18);
        }
        if (facts.kin().lateAnswers() > 0) {
            sheet.paragraph(
                    8.5f,
                    Sheet.FAINT,
                    1,
                    words.of("answers.late", words.number(facts.kin().lateAnswers())));
        }
        sheet.skip(8);
    }

    private void waves(Sheet sheet) throws IOException {
        heading(sheet, words.of("waves"), 60);
        float[] columns = {0, 28, 108, 168, 286, 336, 386, 434};
        row(
                sheet,
                columns,
                true,
                List.of("number", "kind", "channel", "opened", "targets", "accepted", "delivered", "failed").stream()
                        .map(column -> words.of("wave." + column))
                        .toList());
        sheet.rule();
        for (AlertWaves.Line wave : facts.waves().byStep()) {
            sheet.need(wave.again() ? 30 : 16);
            row(
                    sheet,
                    columns,
                    false,
                    List.of(
                            Integer.toString(wave.number()),
                            words.code("wave", wave.kind()),
                            wave.channel(),
                            moment.format(wave.openedAt()),
                            words.number(wave.targets()),
                            words.number(wave.seen("accepted")),
                            words.number(wave.seen("delivered")),
                            words.number(wave.seen("rejected", "failed", "expired"))));
            if (wave.again()) {
                float indent = columns[1];
                sheet.text(
                        Sheet.LEFT + indent,
                        6,
                        7.5f,
                        false,
                        Sheet.FAINT,
                        Sheet.RIGHT - Sheet.LEFT - indent,
                        tries(wave));
                sheet.skip(12);
            }
        }
        sheet.skip(4);
        sheet.paragraph(7.5f, Sheet.FAINT, 3, words.of("waves.note"));
        if (facts.waves().partsAccepted() != facts.waves().messagesAccepted()) {
            sheet.paragraph(
                    7.5f,
                    Sheet.FAINT,
                    1,
                    words.of(
                            "waves.parts",
                            words.number(facts.waves().partsAccepted()),
                            words.number(facts.waves().messagesAccepted())));
        }
        if (facts.waves().byStep().stream().anyMatch(AlertWaves.Line::again)) {
            sheet.paragraph(7.5f, Sheet.FAINT, 2, words.of("waves.again"));
        }
        if (facts.attemptsDroppedBefore().isPresent()) {
            sheet.skip(4);
            sheet.paragraph(
                    8.5f,
                    AMBER,
                    4,
                    words.of("dropped", facts.attemptsDroppedBefore().get()));
        }
        sheet.skip(10);
    }

    /** Which step goes on with these, whom they were for, and until when. */
    private String tries(AlertWaves.Line wave) {
        String tries = wave.firstTry() == wave.lastTry()
                ? words.of("waves.try", wave.firstTry())
                : words.of("waves.tries", wave.firstTry(), wave.lastTry());
        return words.of(
                "waves.told",
                wave.step() > 0 ? words.of("waves.step", wave.step()) : words.of("waves.of", wave.rootWave()),
                tries,
                words.number(wave.people()),
                words.number(wave.waves()),
                moment.format(wave.lastOpenedAt()));
    }

    private void messages(Sheet sheet) throws IOException {
        heading(sheet, words.of("messages"), 60);
        for (AlertFacts.Message message : facts.messages().stream().limit(8).toList()) {
            sheet.need(36);
            sheet.text(
                    Sheet.LEFT,
                    9,
                    8.5f,
                    true,
                    Sheet.INK,
                    480,
                    message.channel() + " · " + message.language()
                            + (message.subject().isEmpty() ? "" : " · " + message.subject()));
            sheet.skip(13);
            sheet.paragraph(8.5f, Sheet.INK, 5, message.text());
            sheet.skip(5);
        }
        if (facts.messages().size() > 8) {
            sheet.paragraph(
                    8,
                    Sheet.FAINT,
                    1,
                    words.of("messages.more", facts.messages().size()));
        }
        sheet.skip(6);
    }

    private void timeline(Sheet sheet) throws IOException {
        heading(sheet, words.of("timeline"), 50);
        List<ChainedJournal.Row> events = new ArrayList<>(facts.journal());
        for (ChainedJournal.Row event : events.subList(0, Math.min(events.size(), MOST_EVENTS))) {
            sheet.need(14);
            ChainedJournal.Stored entry = event.stored();
            sheet.text(Sheet.LEFT, 9, 8.5f, false, Sheet.FAINT, 110, moment.format(entry.at()));
            sheet.text(Sheet.LEFT + 112, 9, 8.5f, true, Sheet.INK, 190, words.code("action", entry.action()));
            sheet.text(Sheet.LEFT + 306, 9, 8.5f, false, Sheet.INK, 190, entry.actor() + " (" + entry.door() + ")");
            sheet.skip(14);
        }
        if (events.size() > MOST_EVENTS) {
            sheet.paragraph(8, Sheet.FAINT, 1, words.of("timeline.more", events.size() - MOST_EVENTS));
        }
        sheet.skip(10);
    }

    private void verification(Sheet sheet) throws IOException {
        heading(sheet, words.of("verify"), 110);
        sheet.paragraph(8.5f, Sheet.INK, 12, words.of("verify.text"));
        sheet.skip(4);
        sheet.need(24);
        sheet.box(Sheet.LEFT, Sheet.RIGHT - Sheet.LEFT, 22, Sheet.PALE);
        sheet.text(Sheet.LEFT + 10, 15, 11, true, Sheet.INK, 480, words.of("key") + " " + keyId);
        sheet.skip(28);
    }

    private static void heading(Sheet sheet, String text, float withAtLeast) throws IOException {
        sheet.need(withAtLeast);
        sheet.text(Sheet.LEFT, 12, 12, true, Sheet.INK, 480, text);
        sheet.skip(18);
        sheet.rule();
        sheet.skip(8);
    }

    private static void row(Sheet sheet, float[] columns, boolean head, List<String> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            float end = i + 1 < columns.length ? columns[i + 1] : Sheet.RIGHT - Sheet.LEFT;
            sheet.text(
                    Sheet.LEFT + columns[i],
                    10,
                    8.5f,
                    head,
                    head ? Sheet.FAINT : Sheet.INK,
                    end - columns[i] - 4,
                    cells.get(i));
        }
        sheet.skip(15);
    }

    private long total(String name) {
        return facts.totals().getOrDefault(name, 0L);
    }
}
