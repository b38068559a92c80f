/**
 * What is said on the telephone, ready before anybody is called: texts that an engine speaks, and sound that people
 * bring. Both leave as 8 kHz mono A-law (ITU-T G.711) at one loudness, {@link io.tocsin.speech.api.Measure#LEVEL}.
 */
@Export
@Version("1.1.0")
package io.tocsin.speech.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
