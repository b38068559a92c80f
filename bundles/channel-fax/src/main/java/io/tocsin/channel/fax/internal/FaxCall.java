package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.platform.asterisk.ami.AmiMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** One fax from its rendering to its end, and what was heard of it. Changed on the console's event loop only. */
final class FaxCall {
    private static final String PREFIX = "tocsin-fax-";

    private final String reference;
    private final FaxNumber number;
    private final boolean adopted;
    private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
    private final Map<String, String> variables = new HashMap<>();
    private int pages;
    private volatile boolean dialled;
    private boolean answered;
    private boolean begun;
    private boolean remoteHungUp;
    private boolean withdrawn;
    private boolean refused;
    private Optional<Integer> cause = Optional.empty();
    private String technical = "";
    private Future<?> guard;

    /** @param adopted begun by somebody who is gone: how it ends is news, and nobody waits for an outcome */
    FaxCall(String reference, FaxNumber number, boolean adopted) {
        this.reference = reference;
        this.number = number;
        this.adopted = adopted;
    }

    /** Channel ids of all faxes begin so. */
    static String prefix() {
        return PREFIX;
    }

    /** Whose call an event is about. */
    static Optional<String> reference(AmiMessage event) {
        return event.find("Uniqueid").filter(id -> id.startsWith(PREFIX)).map(id -> id.substring(PREFIX.length()));
    }

    /** The channel's id on the switch: who begins the call twice is refused there. */
    String id() {
        return PREFIX + reference;
    }

    String reference() {
        return reference;
    }

    FaxNumber number() {
        return number;
    }

    boolean adopted() {
        return adopted;
    }

    CompletableFuture<SendOutcome> outcome() {
        return outcome;
    }

    boolean dialled() {
        return dialled;
    }

    void dialled(int pages) {
        this.pages = pages;
        this.dialled = true;
    }

    void guard(Future<?> guard) {
        this.guard = guard;
    }

    void unguard() {
        if (guard != null) {
            guard.cancel(false);
        }
    }

    /** @return false if somebody, or something, picked up already */
    boolean withdraw() {
        withdrawn = !answered;
        return withdrawn;
    }

    /** Takes in what happened. @return true if the call is over */
    boolean heard(AmiMessage event) {
        switch (event.event()) {
            case "Newstate" -> answered |= event.get("ChannelStateDesc").equals("Up");
            case "OriginateResponse" -> {
                answered |= event.get("Response").equals("Success");
                refused |= event.get("Response").equals("Failure");
            }
            case "FAXStatus" -> begun |= event.get("Status").equals("FAX Transmission In Progress");
            case "VarSet" -> {
                if (event.get("Variable").startsWith("FAX")
                        || event.get("Variable").equals("REMOTESTATIONID")) {
                    variables.put(event.get("Variable"), event.get("Value"));
                }
            }
            case "SendFAX" -> {
                variables.put("FAXPAGES", event.get("PagesTransferred"));
                variables.put("REMOTESTATIONID", event.get("RemoteStationID"));
                variables.putIfAbsent("FAXSTATUS", "");
            }
            case "HangupRequest" -> {
                remoteHungUp = true;
                why(event);
            }
            case "Hangup" -> {
                why(event);
                return true;
            }
            default -> {
                // of the line, and of no matter here
            }
        }
        return false;
    }

    private void why(AmiMessage event) {
        cause = event.find("Cause")
                .filter(text -> text.matches("[0-9]{1,3}"))
                .map(Integer::valueOf)
                .or(() -> cause);
        technical = event.find("TechCause").orElse(technical);
    }

    /** The switch said that there is no call, and not why. */
    boolean refused() {
        return refused;
    }

    FaxEnd end() {
        return new FaxEnd(
                pages,
                answered || !variables.isEmpty(),
                begun || adopted,
                remoteHungUp,
                withdrawn,
                cause.orElse(0),
                technical,
                variables);
    }
}
