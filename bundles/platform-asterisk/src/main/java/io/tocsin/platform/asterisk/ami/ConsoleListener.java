package io.tocsin.platform.asterisk.ami;

/**
 * Told about the link and the events of a switch. On the link's event loop, one after the other and in the order of the wire: one that
 * blocks holds up all; one that throws is counted and skipped.
 */
public interface ConsoleListener {
    /** The link stands. Events of the time before are lost: ask what lives. */
    void up();

    /**
     * There is no link; told for each attempt that failed, too. What waited for an answer is in doubt already.
     *
     * @param why for people, without secrets
     */
    void down(String why);

    /** An event that belongs to no list that was asked for. It may come before the answer to the action that caused it. */
    void event(AmiMessage event);
}
