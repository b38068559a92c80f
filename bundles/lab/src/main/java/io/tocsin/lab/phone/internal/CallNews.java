package io.tocsin.lab.phone.internal;

import java.util.List;

/** What is told of one channel, in Asterisk's words. On the loop only. */
final class CallNews {
    private static final int SOFT = 32;
    private static final int KEY_MILLIS = 120;

    /** What Asterisk tells of each call's sound when it ends; the figures are of a call it carried. */
    private static final String[][] QUALITY = {
        {
            "RTPAUDIOQOS",
            "ssrc=1956718897;themssrc=235223118;lp=0;rxjitter=0.000000;rxcount=10;txjitter=0.000500;txcount=573;"
                    + "rlp=0;rtt=0.000000;rxmes=0.000000;txmes=88.087887"
        },
        {
            "RTPAUDIOQOSJITTER",
            "minrxjitter=000.000000;maxrxjitter=000.001500;avgrxjitter=000.000684;stdevrxjitter=000.000250;"
                    + "mintxjitter=000.000000;maxtxjitter=000.000000;avgtxjitter=000.000000;stdevtxjitter=000.000000;"
        },
        {
            "RTPAUDIOQOSLOSS",
            "  minrxlost=000.000000;  maxrxlost=000.000000;  avgrxlost=000.000000;  stdevrxlost=000.000000;"
                    + "  mintxlost=000.000000;  maxtxlost=000.000000;  avgtxlost=000.000000;  stdevtxlost=000.000000;"
        },
        {
            "RTPAUDIOQOSRTT",
            "     minrtt=000.000000;     maxrtt=000.000000;     avgrtt=000.000000;     stdevrtt=000.000000;"
        },
        {
            "RTPAUDIOQOSMES",
            "   minrxmes=088.087887;   maxrxmes=088.087887;   avgrxmes=088.087887;   stdevrxmes=000.000000;"
        },
    };

    private final PlantCore plant;
    private final Call call;

    CallNews(PlantCore plant, Call call) {
        this.plant = plant;
        this.call = call;
    }

    void dial(String status) {
        if (!call.origin().inbound()) {
            AriWords words = event("Dial")
                    .text("dialstatus", status)
                    .text("forward", "")
                    .text(
                            "dialstring",
                            call.origin().telephone() + "@" + call.origin().trunk());
            plant.tell(call.application(), "Dial", words.channel("peer", call));
        }
    }

    void stateChanged() {
        tell("ChannelStateChange", event("ChannelStateChange"));
    }

    void stasisStart(List<String> arguments) {
        StringBuilder list = new StringBuilder("[");
        for (String argument : arguments) {
            list.append(list.length() == 1 ? "" : ",").append(AriWords.quote(argument));
        }
        tell("StasisStart", event("StasisStart").raw("args", list.append(']')));
    }

    void stasisEnd() {
        tell("StasisEnd", event("StasisEnd"));
    }

    void key(char digit) {
        tell(
                "ChannelDtmfReceived",
                event("ChannelDtmfReceived")
                        .text("digit", String.valueOf(digit))
                        .number("duration_ms", KEY_MILLIS));
    }

    void talkingStarted() {
        tell("ChannelTalkingStarted", event("ChannelTalkingStarted"));
    }

    void talkingFinished(long millis) {
        tell("ChannelTalkingFinished", event("ChannelTalkingFinished").number("duration", millis));
    }

    void variable(String name, String value) {
        tell("ChannelVarset", event("ChannelVarset").text("variable", name).text("value", value));
    }

    void recording(String type, Recordings.Live recording) {
        plant.tell(call.application(), type, event(type).recording(recording));
    }

    void bridge(String type, Bridge bridge) {
        tell(type, event(type).bridge(bridge));
    }

    void quality() {
        for (String[] figure : QUALITY) {
            variable(figure[0], figure[1]);
        }
    }

    /** By the other side. @param sip 0 for none */
    void hangupRequested(int cause, int sip) {
        tell("ChannelHangupRequest", tech(event("ChannelHangupRequest").number("cause", cause), sip));
    }

    /** By us. */
    void hangupRequested() {
        tell(
                "ChannelHangupRequest",
                event("ChannelHangupRequest").number("cause", SOFT).raw("soft", "true"));
    }

    /** Of a caller, {@code StasisEnd} is the last that is told. @param sip 0 for none */
    void destroyed(int cause, int sip) {
        if (!call.origin().inbound()) {
            AriWords words = event("ChannelDestroyed").number("cause", cause).text("cause_txt", causeText(cause));
            tell("ChannelDestroyed", tech(words, sip));
        }
    }

    private AriWords event(String type) {
        return plant.words().event(type);
    }

    private static AriWords tech(AriWords words, int sip) {
        return sip == 0 ? words : words.number("tech_cause", sip);
    }

    private void tell(String type, AriWords words) {
        plant.tell(call.application(), type, words.channel("channel", call));
    }

    static String causeText(int cause) {
        return switch (cause) {
            case 1 -> "Unallocated (unassigned) number";
            case 16 -> "Normal Clearing";
            case 17 -> "User busy";
            case 18 -> "No user responding";
            case 19 -> "User alerting, no answer";
            case 21 -> "Call Rejected";
            case 28 -> "Invalid number format";
            case 34 -> "Circuit/channel congestion";
            case 38 -> "Network out of order";
            case 58 -> "Bearer capability not available";
            default -> "Unknown";
        };
    }
}
