package io.tocsin.lab.phone;

import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhoneHabits;
import io.tocsin.lab.people.PhoneHabits.Between;
import io.tocsin.lab.people.SeededCallees;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/**
 * The plant's options by the names that the command line, {@code /behave} and the bundle's configuration share; {@code PHONE.md}
 * lists them.
 */
record PlantSettings(PlantOptions options, PhoneHabits habits, long seed) {
    private static final Map<String, PhoneFate> SHARES = shares();

    private static Map<String, PhoneFate> shares() {
        Map<String, PhoneFate> shares = new TreeMap<>();
        for (PhoneFate fate : PhoneFate.values()) {
            if (fate != PhoneFate.ANSWERS) {
                shares.put(fate.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-share", fate);
            }
        }
        return shares;
    }

    /** As a plant that nothing was said of, listening on a port. */
    static PlantSettings usual(int port, boolean record) {
        return new PlantSettings(
                PlantOptions.builder().port(port).record(record).build(),
                PhoneHabits.builder().build(),
                1);
    }

    /** @throws IllegalArgumentException naming the key that is unknown or has a wrong value */
    PlantSettings with(Map<String, String> given) {
        Map<String, String> left = new TreeMap<>(given);
        long[] dice = {seed};
        number(left, "seed", value -> dice[0] = (long) value);
        PhoneHabits changed = habits(left);
        PlantOptions.Builder plant = options.toBuilder();
        number(left, "port", value -> plant.port((int) value));
        number(left, "ami-port", value -> plant.amiPort((int) value));
        plant.account(
                left.containsKey("user") ? left.remove("user") : options.user(),
                left.containsKey("password") ? left.remove("password") : options.password());
        text(left, "trunks", value -> plant.trunks(Set.copyOf(list(value))));
        text(left, "inbound", plant::inbound);
        number(left, "lines", value -> plant.lines((int) value));
        number(left, "failing-lines", value -> plant.failingLines((int) value));
        number(left, "max-per-second", value -> plant.maxPerSecond((int) value));
        number(left, "talk-scale", plant::talkScale);
        text(left, "mute", value -> plant.mute(Boolean.parseBoolean(value)));
        text(left, "record", value -> plant.record(Boolean.parseBoolean(value)));
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown option " + left.keySet().iterator().next());
        }
        plant.people(changed, dice[0]).faxes(new SeededCallees(machines(changed), dice[0]));
        return new PlantSettings(plant.build(), changed, dice[0]);
    }

    /** Behind a fax number is a fax machine, unless its fate says otherwise. */
    private static PhoneHabits machines(PhoneHabits people) {
        return people.toBuilder()
                .pressing(1)
                .stays(false)
                .callBack(0)
                .share(PhoneFate.MACHINE, 0)
                .share(PhoneFate.LISTENS, 0)
                .share(PhoneFate.HANGS_UP, 0)
                .build();
    }

    private PhoneHabits habits(Map<String, String> left) {
        PhoneHabits.Builder people = habits.toBuilder();
        text(left, "fates", value -> people.fates(fates(value)));
        SHARES.forEach((key, fate) -> number(left, key, value -> people.share(fate, value)));
        between(left, "ring", habits.ringing(), people::ringing);
        number(left, "key-share", people::pressing);
        number(left, "during-share", people::during);
        number(left, "wrong-first-share", people::wrongFirst);
        text(left, "keys", value -> people.keys(list(value)));
        text(left, "pin", people::pin);
        between(left, "think", habits.thinking(), people::thinking);
        between(left, "leave", habits.leaving(), people::leaving);
        millis(left, "patience-ms", people::patience);
        text(left, "stays", value -> people.stays(Boolean.parseBoolean(value)));
        millis(left, "greeting-ms", people::greeting);
        millis(left, "talk-ms", people::talks);
        millis(left, "dead-trunk-ms", people::deadTrunk);
        number(left, "call-back-share", people::callBack);
        between(left, "call-back", habits.callBackAfter(), people::callBackAfter);
        return people.build();
    }

    /** @param value {@code 0639980002=busy,…} */
    private static Map<String, PhoneFate> fates(String value) {
        Map<String, PhoneFate> fates = new TreeMap<>();
        for (String one : list(value)) {
            int equals = one.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("fates: write the ending of a number, = and what becomes of it, not "
                        + one + ": 0002=busy,0003=machine");
            }
            fates.put(one.substring(0, equals).strip(), PhoneFate.of(one.substring(equals + 1)));
        }
        return fates;
    }

    /** {@code KEY-min-ms} and {@code KEY-max-ms}: where only one is given, the other moves out of its way. */
    private static void between(Map<String, String> left, String key, Between now, Consumer<Between> set) {
        String least = left.remove(key + "-min-ms");
        String most = left.remove(key + "-max-ms");
        if (least != null || most != null) {
            long low = least == null ? now.least().toMillis() : (long) parsed(key + "-min-ms", least);
            long high = most == null ? now.most().toMillis() : (long) parsed(key + "-max-ms", most);
            set.accept(Between.millis(
                    least == null ? Math.min(low, high) : low, most == null ? Math.max(low, high) : high));
        }
    }

    private static void millis(Map<String, String> left, String key, Consumer<Duration> set) {
        number(left, key, value -> set.accept(Duration.ofMillis((long) value)));
    }

    private static void number(Map<String, String> left, String key, DoubleConsumer set) {
        text(left, key, value -> set.accept(parsed(key, value)));
    }

    private static double parsed(String key, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": " + value + " is not a number", e);
        }
    }

    private static void text(Map<String, String> left, String key, Consumer<String> set) {
        String value = left.remove(key);
        if (value != null) {
            set.accept(value);
        }
    }

    private static List<String> list(String value) {
        return value.isBlank() ? List.of() : List.of(value.strip().split("\\s*,\\s*"));
    }
}
