/** Contacts, endpoints, lists and imports. */
@Export
@Version("1.4.0")
package io.tocsin.directory.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
