package io.tocsin.lab.people;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** People with habits: what each does follows from the seed, the number and how often it was called. */
public final class SeededCallees implements PhonePeople {
    private static final Duration AT_ONCE = Duration.ofMillis(60);
    private static final Duration HELLO = Duration.ofMillis(800);
    private static final Duration BETWEEN_KEYS = Duration.ofSeconds(1);
    /** Fates that somebody notices afterwards: a missed call. */
    private static final List<PhoneFate> MISSED = List.of(PhoneFate.RINGS_OUT, PhoneFate.BUSY, PhoneFate.UNAVAILABLE);

    private final PhoneHabits habits;
    private final long seed;
    private final List<Map.Entry<String, PhoneFate>> fates;

    public SeededCallees(PhoneHabits habits, long seed) {
        this.habits = habits;
        this.seed = seed;
        this.fates = habits.fates().entrySet().stream()
                .sorted(Comparator.comparing(
                        (Map.Entry<String, PhoneFate> e) -> -e.getKey().length()))
                .toList();
    }

    @Override
    public Reaction called(Ring ring) {
        Dice dice = new Dice(seed, ring.telephone(), ring.nth());
        PhoneFate fate = fate(ring.telephone(), dice);
        if (fate.pickedUp()) {
            return answers(fate, habits.ringing().at(dice.next()), dice);
        }
        Duration after =
                switch (fate) {
                    case RINGS_OUT -> Duration.ofDays(1);
                    case DECLINES -> habits.ringing().at(dice.next());
                    case DEAD_TRUNK -> habits.deadTrunk();
                    default -> AT_ONCE;
                };
        Optional<CallBack> callsBack = Optional.empty();
        if (MISSED.contains(fate) && !ring.caller().isEmpty() && dice.next() < habits.callBack()) {
            Duration when = habits.callBackAfter().at(dice.next());
            callsBack = Optional.of(new CallBack(when, answers(PhoneFate.ANSWERS, Duration.ZERO, dice)));
        }
        return new Refuses(fate, after, fate == PhoneFate.RINGS_OUT || fate == PhoneFate.DECLINES, callsBack);
    }

    private PhoneFate fate(String telephone, Dice dice) {
        for (Map.Entry<String, PhoneFate> ending : fates) {
            if (telephone.endsWith(ending.getKey())) {
                return ending.getValue();
            }
        }
        double unallocated = habits.shares().getOrDefault(PhoneFate.UNALLOCATED, 0.0);
        if (unallocated > 0 && new Dice(seed, telephone, 0).next() < unallocated) {
            return PhoneFate.UNALLOCATED;
        }
        // among the numbers that exist, the others' shares are larger
        double drawn = dice.next() * (1 - unallocated);
        for (PhoneFate fate : PhoneFate.values()) {
            if (fate != PhoneFate.UNALLOCATED) {
                drawn -= habits.shares().getOrDefault(fate, 0.0);
                if (drawn < 0) {
                    return fate;
                }
            }
        }
        return dice.next() < habits.pressing() ? PhoneFate.ANSWERS : PhoneFate.LISTENS;
    }

    private Answers answers(PhoneFate fate, Duration ringing, Dice dice) {
        boolean machine = fate == PhoneFate.MACHINE;
        Optional<Duration> leaves = Optional.empty();
        if (habits.stays()) {
            leaves = Optional.of(habits.leaving().most());
        } else if (fate == PhoneFate.HANGS_UP) {
            leaves = Optional.of(habits.leaving().at(dice.next()));
        }
        return new Answers(
                ringing,
                machine,
                machine ? habits.greeting() : HELLO,
                fate == PhoneFate.ANSWERS ? presses(dice) : List.of(),
                leaves,
                habits.patience(),
                habits.talks());
    }

    private List<Press> presses(Dice dice) {
        List<Press> presses = new ArrayList<>();
        if (!habits.pin().isEmpty()) {
            presses.add(new Press(false, habits.thinking().at(dice.next()), habits.pin()));
        }
        String key = habits.keys().get((int) (dice.next() * habits.keys().size()));
        Duration think = habits.thinking().at(dice.next());
        // nobody keys a PIN and interrupts what comes after it: there is one silence to wait for
        boolean during = dice.next() < habits.during() && habits.pin().isEmpty();
        if (dice.next() < habits.wrongFirst()) {
            presses.add(new Press(during, think, wrong()));
            presses.add(new Press(false, think.plus(BETWEEN_KEYS), key));
        } else {
            presses.add(new Press(during, think, key));
        }
        return List.copyOf(presses);
    }

    /** A key that none of them presses otherwise. */
    private String wrong() {
        for (char key = '9'; key >= '0'; key--) {
            if (!habits.keys().contains(String.valueOf(key))) {
                return String.valueOf(key);
            }
        }
        return "#";
    }
}
