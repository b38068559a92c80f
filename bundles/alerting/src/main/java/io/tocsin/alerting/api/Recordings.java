package io.tocsin.alerting.api;

import io.tocsin.audit.api.Actor;
import io.tocsin.speech.api.Measure;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Recording.Warning;
import io.tocsin.speech.api.Sound;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a tenant recorded, to be heard in calls at {@code {{recording.SLUG}}}. An alert keeps the recordings it was launched with,
 * whatever becomes of them later. Changes are journaled. Blocks (database, and the upload).
 *
 * @since 1.3
 */
@ProviderType
public interface Recordings {

    /** Nobody listens longer. */
    Duration LONGEST = Duration.ofMinutes(3);

    /** Of a tenant. */
    int MOST = 200;

    List<Recorded> list(int tenantId);

    Optional<Recorded> find(int tenantId, String slug);

    /** What is heard; empty if there is no such recording. */
    Optional<Sound> sound(int tenantId, String slug);

    /**
     * Records anew, or for the first time.
     *
     * @param slug {@code [a-z0-9][a-z0-9-]{0,51}}
     * @param name for people; 1 to 200 characters
     * @param upload WAV or MP3, read and not closed; at most {@link #LONGEST}
     * @throws RecordingException when it cannot be used; names the cure
     * @throws LaunchRefusedException for a slug or name that is none, or when there are {@link #MOST} already
     * @throws IOException when the stream breaks
     */
    Saved save(int tenantId, String slug, String name, InputStream upload, Actor actor)
            throws RecordingException, IOException;

    /**
     * @return false if there is none
     * @throws LaunchRefusedException while a scenario uses it, naming it
     */
    boolean remove(int tenantId, String slug, Actor actor);

    /** @param sha256 of the sound, hexadecimal: what it is, whatever it is called */
    record Recorded(String slug, String name, String sha256, Duration duration, String updatedBy, Instant updatedAt) {}

    /**
     * @param format what was uploaded, in words
     * @param warnings what somebody should listen to before it is used
     */
    record Saved(Recorded recording, Measure measure, String format, List<Warning> warnings) {}
}
