package io.tocsin.lab.people;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the people of a plant take calls. Shares are of all calls, 0 to 1, and together at most 1: whoever is left picks up. Those of
 * people who picked up are said so.
 *
 * @param fates what becomes of calls to numbers that end so; goes before the shares, the longest ending first
 * @param shares of the other fates; being unallocated goes with the number, everything else is drawn anew for each call
 * @param ringing how long it rings before it is picked up or declined
 * @param pressing share of the people who picked up, listen and press a key
 * @param during share of those who press in the middle of what is said
 * @param wrongFirst share of those who press a key that nobody asked for, before
 * @param keys what they press, each equally often
 * @param pin what everybody keys first, in the first silence; empty for nothing
 * @param thinking from silence to key; for {@code during}, from picking up
 * @param leaving when those hang up who do so early
 * @param patience how long silence is borne
 * @param stays whether whoever picked up hangs up at exactly {@code leaving}'s longest time, and never before: for measuring
 * @param greeting how long a machine speaks before its beep
 * @param talks how long people talk who are connected with somebody
 * @param deadTrunk from dialling on a dead trunk to giving up
 * @param callBack share of those who missed a call and call back
 * @param callBackAfter when, since the call ended
 */
public record PhoneHabits(
        Map<String, PhoneFate> fates,
        Map<PhoneFate, Double> shares,
        Between ringing,
        double pressing,
        double during,
        double wrongFirst,
        List<String> keys,
        String pin,
        Between thinking,
        Between leaving,
        Duration patience,
        boolean stays,
        Duration greeting,
        Duration talks,
        Duration deadTrunk,
        double callBack,
        Between callBackAfter) {

    /** A time spread evenly between two limits. */
    public record Between(Duration least, Duration most) {
        public Between {
            if (least.isNegative() || most.compareTo(least) < 0) {
                throw new IllegalArgumentException("a time between " + least + " and " + most + " cannot be");
            }
        }

        public static Between millis(long least, long most) {
            return new Between(Duration.ofMillis(least), Duration.ofMillis(most));
        }

        Duration at(double throwOfDice) {
            return least.plusNanos((long) (throwOfDice * most.minus(least).toNanos()));
        }
    }

    public PhoneHabits {
        fates = Map.copyOf(fates);
        shares = Map.copyOf(shares);
        keys = List.copyOf(keys);
        if (keys.isEmpty() || !keys.stream().allMatch(PhoneHabits::keyed) || !pin.isEmpty() && !keyed(pin)) {
            throw new IllegalArgumentException("people press the keys 0 to 9, * and #, and at least one");
        }
        double sum = 0;
        for (double share : shares.values()) {
            sum += share(share, "a fate");
        }
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException("the shares of how calls end are together " + sum + ": above 1");
        }
        share(pressing, "pressing");
        share(during, "pressing during the message");
        share(wrongFirst, "pressing a wrong key first");
        share(callBack, "calling back");
    }

    private static boolean keyed(String keys) {
        return !keys.isEmpty() && keys.chars().allMatch(c -> c >= '0' && c <= '9' || c == '*' || c == '#');
    }

    private static double share(double share, String of) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the share of " + of + " is between 0 and 1, not " + share);
        }
        return share;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder b = new Builder();
        b.fates = fates;
        b.shares = new TreeMap<>(shares);
        b.ringing = ringing;
        b.pressing = pressing;
        b.during = during;
        b.wrongFirst = wrongFirst;
        b.keys = keys;
        b.pin = pin;
        b.thinking = thinking;
        b.leaving = leaving;
        b.patience = patience;
        b.stays = stays;
        b.greeting = greeting;
        b.talks = talks;
        b.deadTrunk = deadTrunk;
        b.callBack = callBack;
        b.callBackAfter = callBackAfter;
        return b;
    }

    /** Starts with people who all pick up within some rings, listen, think and press 1. */
    public static final class Builder {
        private Map<String, PhoneFate> fates = Map.of();
        private Map<PhoneFate, Double> shares = new TreeMap<>();
        private Between ringing = Between.millis(2_000, 12_000);
        private double pressing = 1;
        private double during;
        private double wrongFirst;
        private List<String> keys = List.of("1");
        private String pin = "";
        private Between thinking = Between.millis(500, 3_000);
        private Between leaving = Between.millis(1_000, 5_000);
        private Duration patience = Duration.ofSeconds(6);
        private boolean stays;
        private Duration greeting = Duration.ofSeconds(5);
        private Duration talks = Duration.ofSeconds(10);
        private Duration deadTrunk = Duration.ofSeconds(32);
        private double callBack;
        private Between callBackAfter = Between.millis(5_000, 60_000);

        private Builder() {}

        public Builder fates(Map<String, PhoneFate> value) {
            fates = value;
            return this;
        }

        public Builder share(PhoneFate fate, double value) {
            shares.put(fate, value);
            return this;
        }

        public Builder ringing(Between value) {
            ringing = value;
            return this;
        }

        public Builder pressing(double value) {
            pressing = value;
            return this;
        }

        public Builder during(double value) {
            during = value;
            return this;
        }

        public Builder wrongFirst(double value) {
            wrongFirst = value;
            return this;
        }

        public Builder keys(List<String> value) {
            keys = value;
            return this;
        }

        public Builder pin(String value) {
            pin = value;
            return this;
        }

        public Builder thinking(Between value) {
            thinking = value;
            return this;
        }

        public Builder leaving(Between value) {
            leaving = value;
            return this;
        }

        public Builder patience(Duration value) {
            patience = value;
            return this;
        }

        public Builder stays(boolean value) {
            stays = value;
            return this;
        }

        public Builder greeting(Duration value) {
            greeting = value;
            return this;
        }

        public Builder talks(Duration value) {
            talks = value;
            return this;
        }

        public Builder deadTrunk(Duration value) {
            deadTrunk = value;
            return this;
        }

        public Builder callBack(double value) {
            callBack = value;
            return this;
        }

        public Builder callBackAfter(Between value) {
            callBackAfter = value;
            return this;
        }

        public PhoneHabits build() {
            return new PhoneHabits(
                    fates,
                    shares,
                    ringing,
                    pressing,
                    during,
                    wrongFirst,
                    keys,
                    pin,
                    thinking,
                    leaving,
                    patience,
                    stays,
                    greeting,
                    talks,
                    deadTrunk,
                    callBack,
                    callBackAfter);
        }
    }
}
