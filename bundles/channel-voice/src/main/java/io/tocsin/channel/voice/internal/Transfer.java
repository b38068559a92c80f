package io.tocsin.channel.voice.internal;

import io.tocsin.platform.asterisk.ari.Originate;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Connects a person on the line with another number: calls it, and puts both into a bridge when it answers. Leaves neither a leg
 * nor a bridge behind. The switch's event loop only.
 */
final class Transfer implements Leg.Hearer {
    private static final Duration RINGING = Duration.ofSeconds(40);

    /** Told how it goes. */
    interface Watcher {
        void connected();

        /** @param connected whether they talked before */
        void over(boolean connected);
    }

    private final Switch asterisk;
    private final Leg caller;
    private final Leg callee;
    private final String bridge;
    private final Watcher watcher;
    private boolean connected;
    private boolean over;

    /**
     * @param legs makes the second leg, which hears of itself here
     * @param endpoint of the number to be called
     */
    Transfer(
            Switch asterisk,
            Leg caller,
            int attempt,
            LegOf legs,
            String endpoint,
            Optional<String> callerId,
            Duration longest,
            Watcher watcher) {
        this.asterisk = asterisk;
        this.caller = caller;
        this.bridge = caller.id() + "-b" + attempt;
        this.callee = legs.leg(caller.id() + "-t" + attempt, this);
        this.watcher = watcher;
        caller.playOfSwitch("tone:ring;tonezone=fr");
        asterisk.originate(
                        new Originate(
                                callee.id(),
                                endpoint,
                                callerId,
                                RINGING,
                                List.of("transfer"),
                                Map.of("TIMEOUT(absolute)", String.valueOf(longest.toSeconds()))),
                        callee)
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        end();
                    }
                });
    }

    /** Makes a leg. */
    interface LegOf {
        Leg leg(String id, Leg.Hearer hearer);
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
            watcher.over(connected);
        }
    }

    /** Keeps what it needs of a consumer out of the calls. */
    static Watcher watcher(Runnable connected, Consumer<Boolean> over) {
        return new Watcher() {
            @Override
            public void connected() {
                connected.run();
            }

            @Override
            public void over(boolean talked) {
                over.accept(talked);
            }
        };
    }
}
