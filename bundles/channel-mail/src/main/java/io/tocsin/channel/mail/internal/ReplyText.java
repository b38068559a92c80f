package io.tocsin.channel.mail.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a person wrote above, or between, what they quoted. */
final class ReplyText {
    private static final int LONGEST = 4_000;

    /** Lines after which everything is quoted: what mail programs put before the original. */
    private static final Pattern ORIGINAL = Pattern.compile(
            "(?i)^\\s*(-{2,}\\s*(original message|message d.origine|urspr.ngliche nachricht|mensaje original"
                    + "|messaggio originale|oorspronkelijk bericht|mensagem original).*"
                    + "|_{10,}\\s*"
                    + "|(from|de|von|da|van)\\s?: .+@.+)$");

    /** "On … wrote:" in the languages we write in, perhaps broken over two lines. */
    private static final Pattern ATTRIBUTION = Pattern.compile(
            "(?i)^\\s*(on|le|am|el|il|op|em)\\s.{0,200}(wrote|a écrit|schrieb|escribió|ha scritto|schreef|escreveu).{0,80}:\\s*$");

    private ReplyText() {}

    /** Returns the new words, without surrounding blank lines, at most 4,000 characters. */
    static String of(String text) {
        List<String> kept = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String pair = i + 1 < lines.size() ? line + " " + lines.get(i + 1) : line;
            if (ORIGINAL.matcher(line).matches() || line.equals("-- ")) {
                break;
            }
            if (ATTRIBUTION.matcher(line).matches()) {
                continue;
            }
            if (ATTRIBUTION.matcher(pair).matches()) {
                i++;
                continue;
            }
            if (!line.stripLeading().startsWith(">")) {
                kept.add(line);
            }
        }
        String words = String.join("\n", kept).strip();
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST);
    }
}
