package io.tocsin.platform.asterisk.ari;

/**
 * Told about the link and about what belongs to no call. On the link's event loop, one after the other and after everything
 * that came before on the wire: a call that blocks holds up every other call; one that throws is counted and skipped.
 */
public interface SwitchListener {
    /** The link stands. Events of the time before are lost: list what lives. */
    void up();

    /**
     * There is no link; told for each attempt that failed, too. What waited for an answer is in doubt already.
     *
     * @param why for people, without secrets
     */
    void down(String why);

    /** A channel came to us that nobody attached to: a call from outside, or one of before. Attach to it here, or give it up. */
    void arrived(AriEvent.StasisStart start);

    /** Any other event that belongs to no attached channel. */
    default void event(AriEvent event) {}
}
