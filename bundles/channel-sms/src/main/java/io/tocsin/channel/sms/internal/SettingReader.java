package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelSettingsException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads typed settings out of what an account's file says; every refusal names the setting and what to write instead. */
final class SettingReader {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final String PEM_WANTED =
            "write the authority's certificate in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";

    private final Map<String, String> written;

    SettingReader(Map<String, String> written, Set<String> known) throws ChannelSettingsException {
        this.written = written;
        for (String name : new TreeSet<>(written.keySet())) {
            if (!known.contains(name)) {
                throw new ChannelSettingsException(
                        name, "is no setting of an SMS account; there are " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(written.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    String required(String name, int longest, String what) throws ChannelSettingsException {
        Optional<String> value = optional(name);
        if (value.isEmpty()) {
            throw new ChannelSettingsException(name, "is missing: write " + what);
        }
        return within(name, value.get(), longest);
    }

    String text(String name, String otherwise, int longest) throws ChannelSettingsException {
        return within(name, optional(name).orElse(otherwise), longest);
    }

    /** A secret: required, never quoted. */
    String secret(String name, int longest) throws ChannelSettingsException {
        String value = written.get(name);
        if (value == null) {
            throw new ChannelSettingsException(name, "is missing: refer to the secret the carrier gave");
        }
        if (value.length() > longest || !ascii(value)) {
            throw new ChannelSettingsException(
                    name, "must be at most " + longest + " plain ASCII characters, as SMPP 3.4 has it");
        }
        return value;
    }

    int integer(String name, int otherwise, int least, int most) throws ChannelSettingsException {
        Optional<String> value = optional(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the same refusal as a number out of bounds
        }
        throw new ChannelSettingsException(
                name, "'" + value.get() + "' is wrong: write a whole number from " + least + " to " + most);
    }

    <T> T choice(String name, String otherwise, Map<String, T> choices) throws ChannelSettingsException {
        String value = optional(name).orElse(otherwise);
        T chosen = choices.get(value);
        if (chosen == null) {
            throw new ChannelSettingsException(
                    name, "'" + value + "' is wrong: write " + String.join(" or ", new TreeMap<>(choices).keySet()));
        }
        return chosen;
    }

    Duration duration(String name, String otherwise, Duration least, Duration most) throws ChannelSettingsException {
        String value = optional(name).orElse(otherwise);
        Matcher matcher = DURATION.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration =
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    };
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        }
        throw new ChannelSettingsException(
                name,
                "'" + value + "' is wrong: write a duration such as 500ms, 5s, 2m or 1h, from " + readable(least)
                        + " to " + readable(most));
    }

    /** Certificates in PEM (RFC 7468), one or several; empty if there are none. Line ends may have been lost on the way. */
    List<X509Certificate> certificates(String name) throws ChannelSettingsException {
        Optional<String> value = optional(name);
        if (value.isEmpty()) {
            return List.of();
        }
        List<X509Certificate> read = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(value.get());
        try {
            while (matcher.find()) {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(1).replace("\\n", "\n"));
                read.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ChannelSettingsException(name, "holds a certificate that cannot be read: " + PEM_WANTED);
        }
        if (read.isEmpty()) {
            throw new ChannelSettingsException(name, "holds no certificate: " + PEM_WANTED);
        }
        return read;
    }

    private static String within(String name, String value, int longest) throws ChannelSettingsException {
        if (value.length() > longest || !ascii(value)) {
            throw new ChannelSettingsException(
                    name, "is too long or not plain ASCII: write at most " + longest + " characters");
        }
        return value;
    }

    private static boolean ascii(String value) {
        return value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static String readable(Duration duration) {
        return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
