package io.tocsin.bench.chaos;

import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.PhoneCall;
import io.tocsin.peers.PhoneCall.State;
import io.tocsin.peers.Phones;
import io.tocsin.peers.sites.SiteName;
import io.tocsin.peers.sites.SiteNetwork;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An Asterisk at each site, beside its node, and the telephones of those who are called, which both reach. Each person presses the
 * key of their number, again and again, as people do when nothing happens. Thread-safe.
 */
public final class SiteSwitches implements AutoCloseable {
    /** Of each site's switch. */
    static final int LINES = 5;

    private static final String TRUNK = "carrier";
    private static final int[] PRESSES = {3, 8, 14, 25, 40, 60};

    private final SiteNetwork network;
    private final Phones phones;
    private final Map<SiteName, Asterisk> switches = new EnumMap<>(SiteName.class);
    private volatile int before;

    /**
     * What the telephones saw.
     *
     * @param calls to each number, as the trunk dials it
     * @param pickedUp numbers where somebody picked up, and pressed their key
     */
    record Seen(Map<String, Integer> calls, Set<String> pickedUp) {}

    private SiteSwitches(SiteNetwork network, Phones phones) {
        this.network = network;
        this.phones = phones;
    }

    static SiteSwitches start(SiteNetwork network, String user, String password)
            throws IOException, InterruptedException {
        Phones.Builder people = Phones.builder().at(network.here());
        for (int digit = 0; digit <= 9; digit++) {
            Phone phone = Phone.answers();
            for (int after : PRESSES) {
                phone = phone.presses(Duration.ofSeconds(after), key(digit));
            }
            people.phone("019900..." + digit, phone);
        }
        SiteSwitches started = new SiteSwitches(network, people.start());
        try {
            for (SiteName site : List.of(SiteName.A, SiteName.B)) {
                started.switches.put(
                        site,
                        Asterisk.builder()
                                .at(network.at(site), network.outside(site))
                                .trunk(TRUNK, started.phones.address())
                                .ariUser(user, password)
                                .start());
            }
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private static String key(int digit) {
        return digit % 2 == 1 ? "1" : "2";
    }

    /** What who has that number presses. */
    static String key(String number) {
        return key(Character.digit(number.charAt(number.length() - 1), 10));
    }

    /** Where a site's node finds its switch. */
    URI ari(SiteName site) {
        return switches.get(site).ari();
    }

    /** A site's switch is gone at once, and the calls on it. */
    void kill(SiteName site) throws IOException {
        switches.get(site).kill();
    }

    void startAgain(SiteName site) throws IOException, InterruptedException {
        switches.get(site).startAgain();
    }

    /** From now on calls of before do not count. */
    void reset() {
        before = phones.calls().size();
    }

    private Stream<PhoneCall> calls() {
        return phones.calls().stream().skip(before);
    }

    private Stream<PhoneCall> calls(SiteName site) {
        String address = network.outside(site);
        return calls().filter(call -> call.switchAudio() != null
                && call.switchAudio().getAddress().getHostAddress().equals(address));
    }

    /** Calls that a site's switch has begun. */
    long begun(SiteName site) {
        return calls(site).count();
    }

    /** Of a switch that lives: who was on the line when one died hears nothing, and nobody tells their telephone. */
    long up(SiteName site) {
        return calls(site).filter(call -> call.state() == State.UP).count();
    }

    /** People whose telephone rang once or more. */
    long rung() {
        return calls().map(PhoneCall::number).distinct().count();
    }

    Seen seen() {
        Map<String, Integer> count = new HashMap<>();
        Set<String> pickedUp = new HashSet<>();
        calls().forEach(call -> {
            count.merge(call.number(), 1, Integer::sum);
            if (call.state() == State.UP || call.state() == State.HUNG_UP_BY_OTHER) {
                pickedUp.add(call.number());
            }
        });
        return new Seen(count, pickedUp);
    }

    @Override
    public void close() throws IOException {
        try (phones) {
            for (Asterisk each : switches.values()) {
                each.close();
            }
        }
    }
}
