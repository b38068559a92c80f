package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.platform.asterisk.ari.AriSettings;
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
 * @param callerIds at least one
 */
record VoiceSettings(
        AriSettings ari,
        String dial,
        String numbers,
        int lines,
        List<CallerId> callerIds,
        Optional<String> callerName,
        Optional<String> sounds,
        Optional<String> soundsOnSwitch,
        Duration longestCall,
        Duration reconnectPatience) {
    private static final Pattern DIAL = Pattern.compile("[A-Za-z0-9_/@.:{}-]+");
    private static final Pattern APPLICATION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern COUNTRY =
            Pattern.compile("\\+(33|1|7|2[07]|3[0-9]|4[0-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3}).*");

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
        String dial = written.dial();
        if (!DIAL.matcher(dial).matches()
                || dial.indexOf("{number}") < 0
                || dial.replace("{number}", "").matches(".*[{}].*")) {
            throw new ChannelSettingsException("dial", "must hold {number} once, such as PJSIP/{number}@trunk");
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
        if (written.numbers().equals("national") && !callerIds.get(0).number().startsWith("+")) {
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
                dial,
                written.numbers(),
                written.lines(),
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
        return dial.replace("{number}", dialled(e164));
    }

    private String dialled(String e164) {
        return switch (numbers) {
            case "digits" -> e164.substring(1);
            case "00" -> "00" + e164.substring(1);
            case "national" -> {
                String country = country();
                yield e164.startsWith(country) ? "0" + e164.substring(country.length()) : "00" + e164.substring(1);
            }
            default -> e164;
        };
    }

    private String country() {
        var country = COUNTRY.matcher(callerIds.get(0).number());
        return country.matches() ? "+" + country.group(1) : "+";
    }

    /** A number as the trunk wrote it, in E.164 where it can be told; else as it is. */
    String e164(String written) {
        if (written.matches("\\+[0-9]{7,15}")) {
            return written;
        }
        if (written.matches("00[1-9][0-9]{6,13}")) {
            return "+" + written.substring(2);
        }
        if (written.matches("0[1-9][0-9]{7,9}") && callerIds.get(0).number().startsWith("+")) {
            return country() + written.substring(1);
        }
        return written.matches("[1-9][0-9]{9,14}") ? "+" + written : written;
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
