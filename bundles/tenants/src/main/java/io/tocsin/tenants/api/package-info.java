/** Agencies, tenants, users, accounts; signing in; the tenants folder. */
@Export
@Version("1.6.0")
package io.tocsin.tenants.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
