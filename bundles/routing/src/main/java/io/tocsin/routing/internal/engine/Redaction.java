package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.Setting;
import io.tocsin.channel.api.SettingsDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the secrets of an account out of what a guest's code says when it fails: it has them, and may quote them. */
final class Redaction {
    private static final int SHORTEST = 4;
    private static final String INSTEAD = "•••";

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    /** Of a channel that does not say which settings are secret, any value may be one. */
    static Redaction of(ChannelAccount account, Optional<SettingsDefinition> definition) {
        return new Redaction(account.settings().entrySet().stream()
                .filter(written -> definition
                        .map(d ->
                                d.setting(written.getKey()).map(Setting::secret).orElse(true))
                        .orElse(true))
                .map(Map.Entry::getValue)
                .filter(value -> value.length() >= SHORTEST)
                .sorted(Comparator.comparing(String::length).reversed())
                .toList());
    }

    String in(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, INSTEAD);
        }
        return clean;
    }

    /** What was thrown, with where and why. */
    String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return in(trace.toString());
    }

    /** Its class and where it was thrown: its words may be anybody's. */
    static String described(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
