package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.platform.asterisk.ari.AriSettings;
import io.tocsin.platform.asterisk.trunk.TrunkNumbers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A voice account, checked.
 *
 * @param ari how the switch is reached. The application of our calls has a name of its own for each opened channel: two nodes, or two versions
 *     of this bundle, on one switch would otherwise take each other's events
 * @param trunk how numbers are written on it; its country is that of the first caller id
 * @param lines calls at once, by all nodes together
 * @param linesHere calls at once by the switch that this node reaches; no more than {@code lines}
 * @param ownSwitch whether the other nodes have another
 * @param callerIds at least one
 */
record VoiceSettings(
        AriSettings ari,
        TrunkNumbers trunk,
        int lines,
        int linesHere,
        boolean ownSwitch,
        List<CallerId> callerIds,
        Optional<String> callerName,
        Optional<String> sounds,
        Optional<String> soundsOnSwitch,
        Duration longestCall,
        Duration reconnectPatience) {
    private static final Pattern APPLICATION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** In a burst a switch answers requests late, and in order. */
    private static final AriSettings.Limits LIMITS = new AriSettings.Limits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Duration.ofMillis(250),
            Duration.ofSeconds(15),
            4 << 20,
            65_536);

    static VoiceSettings of(ChannelAccount account) throws ChannelSettingsException {
        VoiceAccount written = account.settings(VoiceAccount.class);
        Optional<String> undialled = TrunkNumbers.problem(written.dial());
        if (undialled.isPresent()) {
            throw new ChannelSettingsException("dial", undialled.get());
        }
        List<CallerId> callerIds = Arrays.stream(written.callerId().split(",", -1))
                .map(String::strip)
                .map(CallerId::new)
                .toList();
        for (CallerId id : callerIds) {
            Optional<String> problem = CallerId.problem(id.number());
            if (problem.isPresent()) {
                throw new ChannelSettingsException("caller-id", problem.get());
            }
        }
        String first = callerIds.get(0).number();
        TrunkNumbers.Form form = TrunkNumbers.Form.of(written.numbers());
        if (form == TrunkNumbers.Form.NATIONAL && TrunkNumbers.country(first).isEmpty()) {
            throw new ChannelSettingsException(
                    "numbers", "national needs a first caller-id in E.164: its country is meant");
        }
        if (written.callerName().filter(name -> !plain(name)).isPresent()) {
            throw new ChannelSettingsException(
                    "caller-name", "must be plain text without quotes, <, > and control characters");
        }
        if (written.inbound()
                .filter(name -> !APPLICATION.matcher(name).matches())
                .isPresent()) {
            throw new ChannelSettingsException(
                    "inbound", "must be letters, digits, - and _, as the dialplan's Stasis() has it");
        }
        if (written.switchConnects()
                .filter(name -> !APPLICATION.matcher(name).matches())
                .isPresent()) {
            throw new ChannelSettingsException(
                    "switch-connects", "must be letters, digits, - and _, as apps = has it in ari.conf");
        }
        if (written.soundsOnSwitch().isPresent() && written.sounds().isEmpty()) {
            throw new ChannelSettingsException(
                    "sounds", "is missing: sounds-on-switch is that folder as the switch sees it");
        }
        int linesHere = written.linesHere().orElse(written.lines());
        if (linesHere > written.lines()) {
            throw new ChannelSettingsException(
                    "lines-here", "are of the " + written.lines() + " lines of all nodes together: no more than those");
        }
        AriSettings ari = new AriSettings(
                account.id(),
                written.switchConnects().isPresent() ? AriSettings.Direction.LISTEN : AriSettings.Direction.DIAL,
                written.host(),
                written.port(),
                written.switchConnects()
                        .orElseGet(
                                () -> "tocsin-" + UUID.randomUUID().toString().substring(0, 13)),
                written.inbound(),
                false,
                written.user(),
                written.password(),
                LIMITS);
        return new VoiceSettings(
                ari,
                new TrunkNumbers(written.dial(), form, first),
                written.lines(),
                linesHere,
                written.linesHere().isPresent(),
                callerIds,
                written.callerName(),
                written.sounds(),
                written.soundsOnSwitch(),
                written.longestCall(),
                written.reconnectPatience());
    }

    /** What a display may show, and no header, quote or address can be made of. */
    private static boolean plain(String name) {
        return name.chars().noneMatch(c -> Character.isISOControl(c) || c == '"' || c == '<' || c == '>' || c == '\\');
    }

    /** Technology, number and trunk. @param e164 with its plus */
    String endpoint(String e164) {
        return trunk.endpoint(e164);
    }

    /** A number as the trunk wrote it, in E.164 where it can be told; else as it is. */
    String e164(String written) {
        return trunk.e164(written);
    }

    /** {@code "Name" <number>}, or the number. */
    String shown(CallerId id) {
        return callerName.map(name -> "\"" + name + "\" <" + id.number() + ">").orElse(id.number());
    }

    /** What the switch plays a file by. */
    String media(Path file) {
        String path = file.toString();
        if (sounds.isPresent() && soundsOnSwitch.isPresent() && path.startsWith(sounds.get())) {
            path = soundsOnSwitch.get() + path.substring(sounds.get().length());
        }
        int dot = path.lastIndexOf('.');
        return "sound:" + (dot > path.lastIndexOf('/') ? path.substring(0, dot) : path);
    }
}
