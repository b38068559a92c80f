package io.tocsin.platform.asterisk.ari;

/**
 * Told the events of one channel, in the order in which the switch sent them; the rules of {@link SwitchListener} hold. Events
 * may come before the originate that began the call is answered.
 */
@FunctionalInterface
public interface CallListener {
    void event(AriEvent event);
}
