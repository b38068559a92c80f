package io.tocsin.platform.asterisk.ari;

import java.time.Duration;
import java.util.Optional;

/**
 * What to record of a channel.
 *
 * @param name ours; also the file's name on the switch
 * @param format {@code wav}, {@code alaw}, …
 * @param longest whole seconds count
 * @param silence ends it, if given
 * @param beep before it
 * @param endKey {@code none}, {@code any}, {@code *} or {@code #}
 */
public record Recording(
        String name, String format, Duration longest, Optional<Duration> silence, boolean beep, String endKey) {}
