package io.tocsin.channel.fax.internal;

import io.netty.util.concurrent.GlobalEventExecutor;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class FaxChannelContractTest extends ChannelContract {
    /** Faxes that never end are waited for in vain. */
    private static final Duration DRAIN_LIMIT = Duration.ofMillis(300);

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(3);
    private static Future<?> keeping;

    /** Netty's one thread for all ends a second after it was last used: not after each case. */
    @BeforeAll
    static void keepNetty() {
        keeping = GlobalEventExecutor.INSTANCE.schedule(() -> {}, 1, TimeUnit.HOURS);
    }

    @AfterAll
    static void letNettyGo() {
        keeping.cancel(false);
    }

    /** The JVM's own thread for drawing begins once, and stays. */
    @BeforeAll
    static void draw() throws IOException {
        Path file = Files.createTempFile("drawn", ".tif");
        TiffG4.write(file, List.of(TextPages.blank(Resolution.STANDARD)), Resolution.STANDARD);
        Files.delete(file);
    }

    @Override
    protected ChannelProvider provider() {
        return new FaxChannelProvider(DRAIN_LIMIT, CHECK_LIMIT);
    }

    @Override
    protected CarrierPeer startPeer() throws IOException {
        return new ScriptedSwitch();
    }

    @Override
    protected String address(int n) {
        return "+3319900%04d".formatted(n);
    }

    @Override
    protected Optional<Class<?>> definition() {
        return Optional.of(FaxAccount.class);
    }

    @Override
    protected Stream<BadSetting> badSettings() {
        return Stream.of(
                BadSetting.absent("host"),
                BadSetting.absent("password"),
                BadSetting.of("user", "to\r\ncsin"),
                BadSetting.of("numbers", "local"),
                BadSetting.of("dial", "PJSIP/{number}/{number}@carrier"),
                BadSetting.of("dial", "PJSIP/0199000001@carrier"),
                BadSetting.of("dial", "PJSIP/{number}@carrier,extra"),
                BadSetting.of("dial", "PJSIP/{number}${SHELL(id)}"),
                BadSetting.of("dial", "PJSIP/{number}@carrier\r\nAction: Command"),
                BadSetting.of("lines", "0"),
                BadSetting.absent("caller-id"),
                BadSetting.of("caller-id", "0199001234"),
                BadSetting.of("caller-id", "+33639980001"),
                BadSetting.of("caller-id", "+33712345678"),
                BadSetting.of("station-id", "Mairie"),
                BadSetting.of("header", "two lines\nor more"),
                BadSetting.of("resolution", "superfine"),
                BadSetting.of("max-pages", "500"),
                BadSetting.of("longest", "2h"),
                BadSetting.of("ringing", "1s"),
                BadSetting.of("t38", "yes"),
                BadSetting.absent("spool"),
                BadSetting.of("spool", "/nowhere/at/all"),
                BadSetting.of("spool", "fax"),
                BadSetting.of("spool-on-switch", "/var/fax,F"),
                BadSetting.of("spool-on-switch", "fax"),
                BadSetting.of("busy-retry", "1s"),
                BadSetting.of("time-zone", "Paris"));
    }
}
