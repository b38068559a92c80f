package io.tocsin.directory.internal.value;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads mailboxes as people write them, one or several in a cell. Lengths are those of RFC 5321 section 4.5.3.1; the
 * local part is a dot-atom (RFC 5322 section 3.2.3) in ASCII; the domain is lower-cased and, when it has accents, put
 * into its ASCII form (IDNA).
 */
public final class MailCell {
    private static final int MAX_LOCAL = 64;
    private static final int MAX_DOMAIN = 253;
    private static final int MAX_WHOLE = 254;
    private static final Pattern SEPARATORS = Pattern.compile("[;,|/\\s]+");
    private static final Pattern ANGLED = Pattern.compile("<([^<>]*)>");
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private MailCell() {}

    /** @param cell may be null or blank: no mailboxes and no problem */
    public static AddressCell read(String cell) {
        String text = CleanText.of(cell == null ? null : cell.replaceAll("[\\r\\n]+", ";"));
        if (text.isEmpty()) {
            return AddressCell.EMPTY;
        }
        List<Address> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        for (String written : mailboxes(text)) {
            try {
                good.add(new Address("email", normalise(written), written));
            } catch (IllegalArgumentException e) {
                bad.add("'" + PhoneCell.brief(written) + "' " + e.getMessage());
            }
        }
        return new AddressCell(good, bad);
    }

    private static List<String> mailboxes(String text) {
        List<String> found = new ArrayList<>();
        if (text.indexOf('<') >= 0) {
            for (Matcher angled = ANGLED.matcher(text); angled.find(); ) {
                found.add(angled.group(1).strip());
            }
        }
        if (found.isEmpty()) {
            for (String piece : SEPARATORS.split(text)) {
                if (!piece.isEmpty()) {
                    found.add(piece);
                }
            }
            // "jean dupont@commune.example": a space inside, not two mailboxes
            if (found.size() > 1 && found.stream().anyMatch(piece -> piece.indexOf('@') < 0)) {
                return List.of(text);
            }
        }
        return found;
    }

    private static String normalise(String written) {
        String text = written.regionMatches(true, 0, "mailto:", 0, 7) ? written.substring(7) : written;
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("has no @");
        }
        String local = text.substring(0, at);
        if (local.isEmpty()) {
            throw new IllegalArgumentException("has nothing before the @");
        }
        if (local.length() > MAX_LOCAL) {
            throw new IllegalArgumentException("has more than 64 characters before the @");
        }
        if (!LOCAL.matcher(local).matches()) {
            throw new IllegalArgumentException(
                    local.chars().anyMatch(c -> c > '~')
                            ? "has an accented letter before the @, which most mail servers refuse"
                            : "has a character or a dot before the @ that cannot stand there");
        }
        String domain = domain(text.substring(at + 1));
        String mailbox = local + "@" + domain;
        if (mailbox.length() > MAX_WHOLE) {
            throw new IllegalArgumentException("is longer than 254 characters");
        }
        return mailbox;
    }

    private static String domain(String written) {
        String domain = written.toLowerCase(Locale.ROOT);
        if (domain.chars().anyMatch(c -> c > '~')) {
            domain = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        }
        String[] labels = domain.split("\\.", -1);
        if (domain.length() > MAX_DOMAIN || labels.length < 2) {
            throw new IllegalArgumentException("has no whole domain after the @, such as commune.example");
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException("has a domain after the @ that cannot exist");
            }
        }
        if (labels[labels.length - 1].chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException("has a domain after the @ that cannot exist");
        }
        return domain;
    }
}
