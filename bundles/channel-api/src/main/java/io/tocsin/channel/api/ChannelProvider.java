package io.tocsin.channel.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens channels of one type; registered as an OSGi service carrying {@link ChannelType}.
 *
 * <p>Implemented by whoever ships a channel. One provider serves every account of its type.
 */
@ConsumerType
public interface ChannelProvider {

    /**
     * Opens a channel on one account. Called by the core on one of its own threads, once an account; it may block for
     * a few seconds to validate settings but must not wait for the carrier: a carrier that is down makes the channel
     * {@link ChannelHealth.State#DOWN down}, not unopenable.
     *
     * @param account the account's settings, secrets already resolved; never null
     * @param events where receipts, inbound messages and health changes go; valid until the channel is closed
     * @return an open channel; never null
     * @throws ChannelSettingsException naming the setting, if one is missing or wrong
     */
    Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException;
}
