package io.tocsin.platform.asterisk.ari;

/**
 * A channel as the switch described it: one leg of a call.
 *
 * @param id ours when we originated it
 * @param name technology and endpoint
 * @param callerName as the other side chose to be called: of no value as evidence
 * @param dialled the extension it arrived at
 * @param language of its prompts
 */
public record AriChannel(
        String id, String name, State state, String callerName, String callerNumber, String dialled, String language) {

    public enum State {
        DOWN,
        RINGING,
        UP,
        BUSY,
        /** Dialling, off hook and others that make no difference to a call. */
        OTHER
    }

    /** Without numbers and names. */
    @Override
    public String toString() {
        return "AriChannel[" + id + " " + state + "]";
    }
}
