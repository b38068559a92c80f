/** How operators install, update, roll back and remove channels, and what keeps a bundle from serving. */
@Export
@Version("1.0.0")
package io.tocsin.deployment.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
