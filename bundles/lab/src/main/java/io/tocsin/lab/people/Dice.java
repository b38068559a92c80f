package io.tocsin.lab.people;

import java.util.SplittableRandom;

/** Throws that depend only on a seed, a telephone and a turn: the same run gives the same world. */
public final class Dice {
    private final SplittableRandom random;

    public Dice(long seed, String telephone, long turn) {
        long mixed = seed;
        for (int i = 0; i < telephone.length(); i++) {
            mixed = mixed * 0x100000001b3L ^ telephone.charAt(i);
        }
        this.random = new SplittableRandom(mixed * 31 + turn);
    }

    /** The next throw, from 0 to just under 1. */
    public double next() {
        return random.nextDouble();
    }
}
