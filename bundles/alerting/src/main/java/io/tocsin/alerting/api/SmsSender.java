package io.tocsin.alerting.api;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The sender of an SMS as French operators take it: 3 to 11 letters and digits, not digits only, no space, no generic
 * word; or a short code 36xxx or 38xxx, which alone takes replies.
 */
public final class SmsSender {
    private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9]{3,11}");
    private static final Pattern SHORT_CODE = Pattern.compile("3[68]\\d{3}");
    private static final Set<String> GENERIC = Set.of(
            "alert", "alerte", "alertes", "alerts", "info", "infos", "sms", "message", "urgent", "urgence", "test");

    private SmsSender() {}

    /** What is wrong with a sender and the cure; empty: nothing. */
    public static Optional<String> problem(String sender) {
        if (SHORT_CODE.matcher(sender).matches()) {
            return Optional.empty();
        }
        if (!NAME.matcher(sender).matches()) {
            return Optional.of("\"" + sender
                    + "\" is no SMS sender; write 3 to 11 letters and digits without spaces or accents, not digits"
                    + " only, or a short code 36xxx or 38xxx");
        }
        if (GENERIC.contains(sender.toLowerCase(Locale.ROOT))) {
            return Optional.of("\"" + sender + "\" is a generic word that operators refuse; use the tenant's own name");
        }
        return Optional.empty();
    }

    /** Whether people can reply to it. */
    public static boolean takesReplies(String sender) {
        return SHORT_CODE.matcher(sender).matches();
    }
}
