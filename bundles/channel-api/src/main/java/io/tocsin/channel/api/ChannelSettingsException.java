package io.tocsin.channel.api;

import java.util.Objects;

/** A setting of an account is missing or wrong. Carries the setting's name and the cure, never its value if secret. */
public final class ChannelSettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String setting;

    /**
     * @param setting the setting's name as written in the account
     * @param problem what is wrong and what to write instead
     */
    public ChannelSettingsException(String setting, String problem) {
        super(Objects.requireNonNull(setting, "setting") + ": " + Objects.requireNonNull(problem, "problem"));
        this.setting = setting;
    }

    public String setting() {
        return setting;
    }
}
