package io.tocsin.channel.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens channels of one type; registered as an OSGi service carrying {@link ChannelType}.
 *
 * <p>Implemented by whoever ships a channel. One provider serves every account of its type. It holds nothing itself: threads and
 * sockets are a {@link Channel}'s. Its life is that of its service; before the service goes, the core closes the channels it opened.
 */
@ConsumerType
public interface ChannelProvider {

    /**
     * Opens a channel on one account. Called by the core on one of its own threads, once an account, for several accounts at
     * once; it may block for a few seconds to validate settings but must not wait for the carrier: a carrier that is down makes the
     * channel {@link ChannelHealth.State#DOWN down}, not unopenable. After thirty seconds the core interrupts it and takes the
     * account for unopenable; a channel returned later is closed. What fails is tried again, less and less often, or when
     * the account changes.
     *
     * <p>Where {@link ChannelType#settings} names a definition, the settings keep to it already.
     *
     * @param account the account's settings, secrets already resolved; never null
     * @param events where receipts, inbound messages and health changes go; valid until the channel is closed
     * @return an open channel; never null
     * @throws ChannelSettingsException naming the setting, if one is missing or wrong
     */
    Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException;
}
