package io.tocsin.channel.testkit;

import java.util.Map;

/** A carrier's side that also passes on what people write to us; for channels that hear replies. */
public interface TalkingPeer extends CarrierPeer {

    /**
     * Delivers a message to the account, once.
     *
     * @param from the person's address, as {@link ChannelContract#address} wrote it
     * @param text of the message
     * @param headers to add where the protocol has room for what a sender likes to add; else left out
     */
    void say(String from, String text, Map<String, String> headers);
}
