/** Scenarios, launches and follow-up. */
@Export
@Version("1.7.0")
package io.tocsin.alerting.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
