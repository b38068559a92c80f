/**
 * What a channel implements and what it is given. A channel imports this package and nothing else of Tocsin.
 *
 * <p>The core calls {@link io.tocsin.channel.api.ChannelProvider} and {@link io.tocsin.channel.api.Channel}; a channel
 * reports back through {@link io.tocsin.channel.api.ChannelEvents}. A channel reports, the core decides: no type here
 * lets a channel touch a status, a tenant or another channel.
 */
@Export
@Version("1.6.0")
package io.tocsin.channel.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
