/** The ground every room stands on: tenant-bound transactions and the administrative model. */
@Export
@Version("1.4.0")
package io.tocsin.persistence.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
