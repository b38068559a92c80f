/** What is to know of a trunk, whichever interface its switch is driven by. For channels and call flows of ours. */
@Export
@Version("1.0.0")
package io.tocsin.platform.asterisk.trunk;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
