package io.tocsin.lab.smsc;

/** Gives the lab's console commands and tests inside the container the running SMSC. */
public interface SimulatedSmscService {
    SimulatedSmsc smsc();
}
