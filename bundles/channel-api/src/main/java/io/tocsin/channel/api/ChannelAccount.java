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

    /** Returns the names of the settings, never their values: some are secrets. */
    @Override
    public String toString() {
        return "ChannelAccount[" + id + ", settings=" + new TreeMap<>(settings).keySet() + "]";
    }
}
