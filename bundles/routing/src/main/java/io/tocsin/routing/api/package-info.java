/** The machine: waves, batches, cascades, totals. What the domain asks of it and what it asks of the domain. */
@Export
@Version("1.11.0")
package io.tocsin.routing.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
