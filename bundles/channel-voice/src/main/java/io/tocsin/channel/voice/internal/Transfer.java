package io.tocsin.channel.voice.internal;

import io.tocsin.platform.asterisk.ari.Originate;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Connects a person on the line with another number: calls it, and puts both into a bridge when it answers. Leaves neither a leg
 * nor a bridge behind. The switch's event loop only.
 */
final class Transfer implements Leg.Hearer {
    private static final Duration RINGING = Duration.ofSeconds(40);

    /** Told how it goes. */
    interface Watcher {
        default void connected() {}

        /** @param connected whether they talked before */
        void over(boolean connected);
    }

    private final Switch asterisk;
    private final Leg caller;
    private final Leg callee;
    private final String bridge;
    private final Watcher watcher;
    private final Runnable freed;
    private boolean connected;
    private boolean over;

    /**
     * @param attempt which of the account's it is
     * @param freed told once, when the second leg is given up
     */
    Transfer(
            Switch asterisk,
            VoiceSettings settings,
            Leg caller,
            int attempt,
            String number,
            Watcher watcher,
            Runnable freed) {
        this.asterisk = asterisk;
        this.caller = caller;
        this.bridge = caller.id() + "-b" + attempt;
        this.callee = new Leg(asterisk, settings::media, caller.id() + "-t" + attempt, this);
        this.watcher = watcher;
        this.freed = freed;
        caller.playOfSwitch("tone:ring;tonezone=fr");
        Originate originate = new Originate(
                callee.id(),
                settings.endpoint(number),
                Optional.of(settings.shown(CallerId.of(settings.callerIds(), number))),
                RINGING,
                List.of("transfer"),
                Map.of(
                        "TIMEOUT(absolute)",
                        String.valueOf(settings.longestCall().toSeconds())));
        asterisk.originate(originate, callee).whenComplete((begun, failure) -> {
            if (failure != null) {
                end();
            }
        });
    }

    @Override
    public void answered() {
        caller.silence();
        asterisk.createBridge(bridge, Switch.BridgeType.MIXING)
                .thenCompose(made -> asterisk.addToBridge(bridge, List.of(caller.id(), callee.id())))
                .whenComplete((joined, failure) -> {
                    if (failure != null) {
                        end();
                    } else if (!over) {
                        connected = true;
                        watcher.connected();
                    }
                });
    }

    /** After a time in which nothing was heard: still so, unless the other leg is gone. */
    void resumed() {
        asterisk.channel(callee.id()).whenComplete((there, failure) -> {
            if (failure == null && there.isEmpty()) {
                callee.gone(0, OptionalInt.empty());
            }
        });
    }

    void callerGone() {
        end();
    }

    @Override
    public void gone(int cause, OptionalInt techCause) {
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            caller.silence();
            callee.hangUp();
            asterisk.destroyBridge(bridge);
            freed.run();
            watcher.over(connected);
        }
    }
}
