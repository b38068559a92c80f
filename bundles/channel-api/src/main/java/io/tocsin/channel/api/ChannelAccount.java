package io.tocsin.channel.api;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An account at a carrier: an opaque id and its settings with secrets resolved.
 *
 * @param id stable id, fit for logs, route ids and thread names; never null
 * @param settings setting name to value; never null, copied
 */
public record ChannelAccount(String id, Map<String, String> settings) {

    public ChannelAccount {
        Objects.requireNonNull(id, "id");
        settings = Map.copyOf(settings);
    }

    /**
     * The settings as the interface that defines them, checked, each with its type: {@code account.settings(SmsAccount.class)}.
     * Methods return text, {@code boolean}, {@code int}, {@code long}, {@link java.time.Duration}, or an {@link java.util.Optional}
     * of them for what may be left out. What was checked against the same definition before is checked again: it costs
     * less than a doubt.
     *
     * @param definition an interface of the channel's bundle, marked {@code @ObjectClassDefinition}; see {@link SettingsDefinition}
     * @throws ChannelSettingsException naming the first setting that is unknown, missing or wrong
     * @throws IllegalStateException if the definition is not there or cannot be: a defect of the channel's bundle
     * @since 1.2
     */
    public <T> T settings(Class<T> definition) throws ChannelSettingsException {
        return TypedSettings.of(definition, settings);
    }

    /** Returns the names of the settings, never their values: some are secrets. */
    @Override
    public String toString() {
        return "ChannelAccount[" + id + ", settings=" + new TreeMap<>(settings).keySet() + "]";
    }
}
