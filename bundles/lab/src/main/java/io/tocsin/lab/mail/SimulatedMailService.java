package io.tocsin.lab.mail;

/** Gives the lab's console commands and tests inside the container the running mail server. */
public interface SimulatedMailService {
    SimulatedMail mail();
}
