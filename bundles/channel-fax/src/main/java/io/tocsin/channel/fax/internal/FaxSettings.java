package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.platform.asterisk.trunk.TrunkNumbers;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A fax account's settings, checked together. */
record FaxSettings(
        String host,
        int port,
        String user,
        String password,
        TrunkNumbers trunk,
        int lines,
        FaxNumber callerId,
        String stationId,
        String header,
        Resolution resolution,
        int maxPages,
        Duration longest,
        Duration ringing,
        boolean t38,
        Path spool,
        String spoolOnSwitch,
        Waits waits,
        ZoneId zone) {

    private static final Pattern STATION = Pattern.compile("[0-9+][0-9+ ]{0,19}");
    /** What stands between commas in what the switch runs: no comma, no {@code $}, nothing that is more than a path. */
    private static final Pattern PATH_ON_SWITCH = Pattern.compile("/[A-Za-z0-9/._-]*");

    /** How long to wait before another try. */
    record Waits(Duration busy, Duration noAnswer, Duration other) {}

    static FaxSettings of(ChannelAccount account) throws ChannelSettingsException {
        FaxAccount written = account.settings(FaxAccount.class);
        Optional<String> undialled = TrunkNumbers.problem(written.dial());
        if (undialled.isPresent()) {
            throw new ChannelSettingsException("dial", undialled.get());
        }
        FaxNumber callerId = callerId(written.callerId());
        String station = written.stationId().orElse(callerId.e164());
        if (!STATION.matcher(station).matches()) {
            throw new ChannelSettingsException("station-id", "is wrong: write up to 20 digits, + and spaces");
        }
        String header = written.header().orElse("");
        if (header.chars().anyMatch(Character::isISOControl)) {
            throw new ChannelSettingsException("header", "has a line break or control character: write one line");
        }
        TrunkNumbers.Form form = TrunkNumbers.Form.of(written.numbers());
        if (form == TrunkNumbers.Form.NATIONAL
                && TrunkNumbers.country(callerId.e164()).isEmpty()) {
            throw new ChannelSettingsException(
                    "numbers", "national needs a caller-id that begins with a country's code: that country is meant");
        }
        Path spool = spool(written.spool());
        String onSwitch = written.spoolOnSwitch().orElse(spool.toString());
        if (!PATH_ON_SWITCH.matcher(onSwitch).matches()) {
            throw new ChannelSettingsException(
                    written.spoolOnSwitch().isPresent() ? "spool-on-switch" : "spool",
                    "is no path a switch can be told: write one that begins with / and has letters, digits, - . _ only");
        }
        return new FaxSettings(
                written.host(),
                written.port(),
                plain("user", written.user()),
                written.password(),
                new TrunkNumbers(written.dial(), form, callerId.e164()),
                written.lines(),
                callerId,
                station,
                header,
                written.resolution().equals("fine") ? Resolution.FINE : Resolution.STANDARD,
                written.maxPages(),
                written.longest(),
                written.ringing(),
                written.t38(),
                spool,
                onSwitch,
                new Waits(written.busyRetry(), written.noAnswerRetry(), written.otherRetry()),
                zone(written.timeZone()));
    }

    private static FaxNumber callerId(String written) throws ChannelSettingsException {
        FaxNumber number = FaxNumber.of(written)
                .orElseThrow(() ->
                        new ChannelSettingsException("caller-id", "is no number in E.164: write such as +33199001234"));
        if (!number.mayBeShown()) {
            throw new ChannelSettingsException(
                    "caller-id",
                    "is a mobile number, which automatic callers may not show: write the tenant's fax number");
        }
        return number;
    }

    private static Path spool(String written) throws ChannelSettingsException {
        try {
            Path folder = Path.of(written);
            if (folder.isAbsolute() && Files.isDirectory(folder) && Files.isWritable(folder)) {
                return folder.normalize();
            }
        } catch (InvalidPathException e) {
            // as one that is not there
        }
        throw new ChannelSettingsException(
                "spool", "is no folder this node can write: make it, and write its whole path, beginning with /");
    }

    private static ZoneId zone(String written) throws ChannelSettingsException {
        try {
            return ZoneId.of(written);
        } catch (DateTimeException e) {
            throw new ChannelSettingsException("time-zone", "is no time zone: write such as Europe/Paris");
        }
    }

    private static String plain(String name, String written) throws ChannelSettingsException {
        if (written.chars().anyMatch(Character::isISOControl)) {
            throw new ChannelSettingsException(name, "has a control character: write it as in manager.conf");
        }
        return written;
    }

    /** What the switch dials to reach a number. */
    String channelTo(FaxNumber number) {
        return trunk.endpoint(number.e164());
    }

    /** What is shown, written as numbers are dialled. */
    String shown() {
        return trunk.written(callerId.e164());
    }

    /** What a call may take: a slow machine needs two minutes a page. */
    Duration callLimit(int pages) {
        Duration fair =
                ringing.plus(Duration.ofMinutes(2)).plus(Duration.ofMinutes(2).multipliedBy(pages));
        return List.of(fair, longest).stream().min(Duration::compareTo).orElseThrow();
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "FaxSettings[" + host + ":" + port + "]";
    }
}
