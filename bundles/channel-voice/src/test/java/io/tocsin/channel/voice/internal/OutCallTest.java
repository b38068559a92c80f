package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.platform.asterisk.ari.AriChannel;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.Switch;
import io.tocsin.platform.asterisk.ari.SwitchListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a call by the order of what is heard of it, on a switch that is away: only what the test tells happens. */
class OutCallTest {
    private static final String REFERENCE = "r1";

    @TempDir
    Path sounds;

    private Switch asterisk;
    private OutCall call;
    private final List<SendOutcome> ends = new ArrayList<>();

    @BeforeEach
    void call() throws Exception {
        Map<String, String> settings = Map.of(
                "host", "127.0.0.1",
                "port", String.valueOf(nobody()),
                "user", "tocsin",
                "password", Given.SECRET,
                "lines", "3",
                "caller-id", "+33162000001");
        asterisk = Switch.open(
                VoiceSettings.of(new ChannelAccount("away", settings)).ari(), new Deaf(), Clock.systemUTC());
        call = new OutCall(
                Given.message(REFERENCE, "+33639980001", new Given(sounds).telling(AnsweringMachine.IGNORE)),
                new Alone());
        call.begun(Duration.ofMinutes(5));
    }

    private static int nobody() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        asterisk.close();
    }

    private static final class Deaf implements SwitchListener {
        @Override
        public void up() {
            // never
        }

        @Override
        public void down(String why) {
            // as meant
        }

        @Override
        public void arrived(AriEvent.StasisStart start) {
            // never
        }
    }

    private final class Alone implements OutCall.Surroundings {
        @Override
        public Leg leg(String id, Leg.Hearer hearer) {
            return new Leg(asterisk, Path::toString, id, hearer);
        }

        @Override
        public void listen(Leg leg) {
            throw new AssertionError("a machine is not asked for");
        }

        @Override
        public Transfer transfer(Leg caller, String number, Transfer.Watcher watcher) {
            throw new AssertionError("nobody is asked for");
        }

        @Override
        public void answered(OutCall by, String key) {
            throw new AssertionError("nothing is asked");
        }

        @Override
        public void ended(OutCall ended, SendOutcome outcome, Talk.Reached reached) {
            ends.add(outcome);
        }
    }

    private static AriChannel channel(AriChannel.State state) {
        return new AriChannel(REFERENCE, "PJSIP/trunk-1", state, "", "", "", "fr");
    }

    private void tell(AriEvent event) {
        call.leg().event(event);
    }

    private void destroyed(int cause) {
        tell(new AriEvent.ChannelDestroyed(Instant.EPOCH, channel(AriChannel.State.UP), cause, OptionalInt.empty()));
    }

    @Test
    void whatRingsAndIsWithdrawnReachedNobody() {
        call.withdraw();
        destroyed(16);
        destroyed(16);
        assertThat(ends).containsExactly(new SendOutcome.Rejected("withdrawn", Fault.CARRIER));
    }

    @Test
    void ofOneThatIsTakenOverNobodyKnowsWhatItsPersonHeard() {
        call.takenOver();
        destroyed(16);
        assertThat(ends).containsExactly(new SendOutcome.InDoubt("call-lost"));
    }

    @Test
    void oneThatIsTakenOverIsNotWithdrawnAsItsPersonListens() {
        call.takenOver();
        call.withdraw();
        destroyed(16);
        assertThat(ends).containsExactly(new SendOutcome.InDoubt("call-lost"));
    }

    @Test
    void oneThatIsTakenOverHearsTheMessageOnceItArrives() {
        call.takenOver();
        tell(new AriEvent.StasisStart(Instant.EPOCH, channel(AriChannel.State.UP), List.of("alert")));
        assertThat(call.phase()).isEqualTo(OutCall.Phase.TALKING);
        destroyed(16);
        assertThat(ends).containsExactly(CallEnd.retry("hung-up", Map.of()));
    }

    @Test
    void oneThatIsTakenOverAndWhoseArrivalWasNotHeardGoesOnWhenItIsFound() {
        call.takenOver();
        call.leg().up();
        assertThat(call.phase()).isEqualTo(OutCall.Phase.TALKING);
        assertThat(ends).isEmpty();
    }
}
