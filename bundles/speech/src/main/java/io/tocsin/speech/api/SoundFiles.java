package io.tocsin.speech.api;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Sound that was not spoken here (recordings) as files that a switch plays: beside what was spoken, kept as long. Safe for use by
 * several threads; blocks for the disk.
 *
 * @since 1.1
 */
@ProviderType
public interface SoundFiles {

    /**
     * The file of a sound, if it is kept. A file stays for as long as the settings promise from the last time it was asked for (days).
     *
     * @param tenantId whose it is; {@link Speech#forget} takes it away with what was spoken
     * @param name what it is, for ever the same sound: {@code [a-z0-9-]{1,100}}
     * @throws SpeechException when the folder cannot be used
     */
    Optional<Path> find(int tenantId, String name) throws SpeechException;

    /**
     * Keeps a sound, whatever was kept under the name.
     *
     * @return headerless A-law, name ending in {@code .alaw}
     * @throws SpeechException when the folder is full or cannot be used
     */
    Path keep(int tenantId, String name, Sound sound) throws SpeechException;
}
