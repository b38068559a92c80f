package io.tocsin.audit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * What people read in a package, in the language of the tenant: headings, never data. A language is a file
 * {@code words-LANGUAGE.properties} beside this class; one without a file is read in English.
 */
final class Words {
    private static final String OTHERWISE = "en";

    private final Locale locale;
    private final Properties words;

    private Words(Locale locale, Properties words) {
        this.locale = locale;
        this.words = words;
    }

    /** @param language a BCP 47 tag; its region makes no difference */
    static Words in(String language) {
        String wanted = Locale.forLanguageTag(language).getLanguage();
        String name = Words.class.getResource(file(wanted)) == null ? OTHERWISE : wanted;
        Properties words = new Properties();
        try (InputStream file = Words.class.getResourceAsStream(file(name))) {
            words.load(new InputStreamReader(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Words(Locale.forLanguageTag(name), words);
    }

    private static String file(String language) {
        return "words-" + language + ".properties";
    }

    /** The language these words are in. */
    Locale locale() {
        return locale;
    }

    /** @throws IllegalStateException if the language lacks it */
    String of(String name, Object... values) {
        String text = words.getProperty(name);
        if (text == null) {
            throw new IllegalStateException("no words for " + name + " in " + file(locale.getLanguage()));
        }
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(values[i]));
        }
        return text;
    }

    /** The words for one of several codes; the code itself when there are none. */
    String code(String group, String code) {
        return words.getProperty(group + "." + code, code);
    }

    List<String> columns(List<String> names) {
        return names.stream().map(name -> of("column." + name)).toList();
    }

    DateTimeFormatter moment(ZoneId zone) {
        return DateTimeFormatter.ofPattern(of("moment"), locale).withZone(zone);
    }

    /** Thousands apart, with a space the font has. */
    String number(long n) {
        String commas = String.format(Locale.ROOT, "%,d", n);
        return locale.getLanguage().equals(OTHERWISE) ? commas : commas.replace(',', '\u00A0');
    }
}
