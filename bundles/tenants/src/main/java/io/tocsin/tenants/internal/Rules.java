package io.tocsin.tenants.internal;

import io.tocsin.alerting.api.SmsSender;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.tenants.api.Role;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a name, a sender, a setting must look like: one place, whether it comes by a file, the API or the console. Every
 * rule answers empty when the value is right, otherwise what is wrong and the cure; never the value of a secret.
 */
public final class Rules {
    static final String SECRET_IN_CLEAR = "is a secret and must not be written here; put it in a file of the secrets"
            + " directory (or the variable TOCSIN_SECRET_<NAME>) and write secret:<NAME>, or have it sealed: over the API, write"
            + " it under secrets";

    /** A rule of one value. */
    @FunctionalInterface
    public interface Rule {
        Optional<String> problem(String value);
    }

    private static final Pattern SLUG = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?");
    private static final Pattern LOGIN = Pattern.compile("[a-z0-9][a-z0-9._@+-]{1,99}");
    private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern SETTING = Pattern.compile("[a-z][a-z0-9.-]{0,63}");
    private static final Pattern MAILBOX =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");
    private static final Pattern PREFIX = Pattern.compile("\\+[1-9](?:[ .-]?[0-9]){1,14}");
    private static final double LEAST_PER_SECOND = 0.01;
    private static final double MOST_PER_SECOND = 100_000;
    private static final Set<String> SECRET_WORDS = Set.of(
            "password",
            "passwd",
            "passphrase",
            "secret",
            "secrets",
            "token",
            "key",
            "apikey",
            "pin",
            "authorization",
            "headers",
            "credential",
            "credentials");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*:[^/@\\s]+@");

    private Rules() {}

    public static Optional<String> slug(String value) {
        return SLUG.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("\"" + cut(value) + "\" is not a short name; write 1 to 64 of a-z, 0-9 and inner dashes");
    }

    public static Optional<String> login(String value) {
        return LOGIN.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("\"" + cut(value) + "\" is not a login; write 2 to 100 of a-z, 0-9, . _ @ + -");
    }

    public static Optional<String> channel(String value) {
        return CHANNEL.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("\"" + cut(value) + "\" is not a channel type; write for instance sms or mail");
    }

    /** Whether a tenant may use a channel. */
    public static Optional<String> permitted(Tenant tenant, String channel) {
        return tenant.mayUse(channel)
                ? Optional.empty()
                : Optional.of("\"" + cut(channel) + "\" is no channel of this tenant, which is limited to "
                        + tenant.channels() + "; write one of these, or let its agency add this one to its channels");
    }

    /** A name that people read: 1 to 200 characters on one line. */
    public static Optional<String> title(String value) {
        if (value.isBlank()) {
            return Optional.of("is empty; write a name");
        }
        if (value.length() > 200) {
            return Optional.of("has " + value.length() + " characters; 200 are enough");
        }
        return value.chars().anyMatch(Character::isISOControl)
                ? Optional.of("holds control characters or line breaks; write it on one line")
                : Optional.empty();
    }

    public static Optional<String> language(String value) {
        try {
            Locale locale = new Locale.Builder().setLanguageTag(value).build();
            return locale.getLanguage().isEmpty()
                    ? Optional.of("\"" + cut(value) + "\" is not a language; write a BCP 47 tag such as fr")
                    : Optional.empty();
        } catch (IllformedLocaleException e) {
            return Optional.of("\"" + cut(value) + "\" is not a language; write a BCP 47 tag such as fr");
        }
    }

    public static Optional<String> timeZone(String value) {
        try {
            ZoneId.of(value);
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.of("\"" + cut(value) + "\" is not a time zone; write for instance Europe/Paris");
        }
    }

    /** How numbers begin: E.164, with blanks, dots or dashes between digits as people write them. */
    public static Optional<String> prefix(String value) {
        return PREFIX.matcher(value).matches() && digits(value).length() <= 16
                ? Optional.empty()
                : Optional.of("\"" + cut(value) + "\" is not how an international number begins; write + and 2 to 15"
                        + " digits, such as +33 3 53 01");
    }

    /** A prefix without what people write between its digits. */
    static String digits(String prefix) {
        return prefix.replaceAll("[ .-]", "");
    }

    /** A rate that may be below one. */
    public static Optional<String> perSecond(double value) {
        return value >= LEAST_PER_SECOND && value <= MOST_PER_SECOND
                ? Optional.empty()
                : Optional.of("is " + value + "; write a number from 0.01 to 100000, such as 20, or 0.5 for one message"
                        + " in two seconds");
    }

    /** The French rule of senders: the one a launch is held to. */
    public static Optional<String> smsSender(String value) {
        return SmsSender.problem(value);
    }

    public static Optional<String> mailbox(String value) {
        return value.length() <= 254 && MAILBOX.matcher(value).matches() && !value.contains("..")
                ? Optional.empty()
                : Optional.of("\"" + cut(value) + "\" is not a mail address; write name@domain");
    }

    public static Optional<String> password(String value) {
        if (value.length() < 12) {
            return Optional.of("has fewer than 12 characters; choose a longer one");
        }
        return value.length() > 256
                ? Optional.of("has more than 256 characters; choose a shorter one")
                : Optional.empty();
    }

    /** Roles a person of a tenant may hold. */
    public static Optional<String> tenantRole(String value) {
        return role(value, Set.of(Role.OPERATOR, Role.AGENCY_ADMIN), "a user of a tenant");
    }

    /** Roles a person of an agency may hold, in all of its tenants. */
    public static Optional<String> agencyRole(String value) {
        return role(value, Set.of(Role.OPERATOR), "a user of an agency");
    }

    public static Optional<String> operatorRole(String value) {
        return role(value, Set.of(), "an operator");
    }

    /** The platform's keys do what an operator does; the roles of tenants and agencies come with keys of theirs. */
    public static Optional<String> operatorKeyRole(String value) {
        return role(
                value,
                EnumSet.complementOf(EnumSet.of(Role.OPERATOR)),
                "a key of the platform: write operator, or make the key in the agency or tenant it is for");
    }

    private static Optional<String> role(String value, Set<Role> refused, String holder) {
        try {
            return refused.contains(Role.of(value))
                    ? Optional.of("\"" + value + "\" cannot be given to " + holder)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Problems of an account's settings, by setting. */
    public static Map<String, String> settings(Map<String, String> settings) {
        Map<String, String> problems = new TreeMap<>();
        settings.forEach((key, value) -> setting(key, value).ifPresent(p -> problems.put(key, p)));
        return problems;
    }

    static Optional<String> settingName(String key) {
        return SETTING.matcher(key).matches()
                ? Optional.empty()
                : Optional.of("is not a setting's name; write a-z, 0-9, dots and dashes, starting with a letter");
    }

    private static Optional<String> setting(String key, String value) {
        Optional<String> name = settingName(key);
        if (name.isPresent()) {
            return name;
        }
        if (value.length() > 1000) {
            return Optional.of("has " + value.length() + " characters; a setting has 1000 at most");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("holds control characters or line breaks");
        }
        if (SecretReference.isReference(value)) {
            return SecretReference.problem(value);
        }
        if (looksSecret(key)) {
            return Optional.of(SECRET_IN_CLEAR);
        }
        if (USER_INFO.matcher(value).find()) {
            return Optional.of("carries a password inside a URL; use settings of their own and write secret:<NAME>");
        }
        return Placeholders.problem(value);
    }

    /** Whether a setting's name says that its value is a secret. */
    static boolean looksSecret(String key) {
        for (String word : List.of(key.split("[.-]"))) {
            if (SECRET_WORDS.contains(word) || word.contains("password") || word.contains("secret")) {
                return true;
            }
        }
        return false;
    }

    private static String cut(String value) {
        String line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() > 40 ? line.substring(0, 40) + "…" : line;
    }
}
