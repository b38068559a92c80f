/**
 * Asterisk's REST interface (ARI) over one WebSocket: requests, answers and events of a telephone switch. For channels and call
 * flows of ours; a partner's channel has no need of it.
 */
@Export
@Version("1.0.0")
package io.tocsin.platform.asterisk.ari;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
