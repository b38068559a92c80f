/** Nodes that know of each other: hints between them, what they say of themselves, and what state all that is in. Nothing here decides. */
@Export
@Version("1.1.0")
package io.tocsin.cluster.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
