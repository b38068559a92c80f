/**
 * Asterisk's manager interface (AMI): actions, their answers, lists, and events of a telephone switch. For channels and call flows of
 * ours, where ARI does not reach: fax, supervision, reconciliation.
 */
@Export
@Version("1.0.0")
package io.tocsin.platform.asterisk.ami;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
