/** The journal and the evidence made from it. */
@Export
@Version("1.2.0")
package io.tocsin.audit.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
