package io.tocsin.lab.phone.internal;

import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/** What is said to one channel, a medium after the other, by their lengths. On the loop only. */
final class Player {
    private final PlantCore plant;
    private final Call call;
    private final ArrayDeque<Playback> queue = new ArrayDeque<>(2);
    private Future<?> end;
    private boolean afterBeep;

    Player(PlantCore plant, Call call) {
        this.plant = plant;
        this.call = call;
    }

    boolean silent() {
        return queue.isEmpty();
    }

    void play(Playback playback) {
        queue.add(playback);
        if (queue.size() == 1) {
            start();
        }
    }

    private void start() {
        Playback playback = queue.peek();
        playback.state(Playback.State.PLAYING);
        tell("PlaybackStarted", playback);
        call.person().spokenTo();
        medium(playback);
    }

    private void medium(Playback playback) {
        afterBeep = call.person().records();
        OptionalLong millis = plant.sounds().millis(playback.media());
        if (millis.isEmpty()) {
            over(playback, Playback.State.FAILED);
        } else {
            end = plant.after(plant.scaled(millis.getAsLong()), () -> said(playback));
        }
    }

    private void said(Playback playback) {
        plant.tally().messages++;
        call.heard(playback.media());
        if (afterBeep) {
            plant.tally().left++;
        }
        if (playback.next() == null) {
            over(playback, Playback.State.DONE);
            return;
        }
        playback.state(Playback.State.CONTINUING);
        tell("PlaybackContinuing", playback);
        playback.advance();
        playback.state(Playback.State.PLAYING);
        medium(playback);
    }

    /** Of the one that is being said. */
    private void over(Playback playback, Playback.State state) {
        queue.remove();
        finished(playback, state);
        if (queue.isEmpty()) {
            call.person().silence();
        } else {
            start();
        }
    }

    private void finished(Playback playback, Playback.State state) {
        playback.state(state);
        plant.forget(playback);
        tell("PlaybackFinished", playback);
    }

    /** Asterisk calls one that was asked to end done, not failed. */
    void stop(Playback playback) {
        plant.tally().cut++;
        if (playback == queue.peek()) {
            end.cancel(false);
            over(playback, Playback.State.DONE);
        } else if (queue.remove(playback)) {
            finished(playback, Playback.State.DONE);
        }
    }

    /** The call is over. */
    void cut() {
        if (end != null) {
            end.cancel(false);
        }
        while (!queue.isEmpty()) {
            plant.tally().cut++;
            finished(queue.remove(), Playback.State.FAILED);
        }
    }

    /** The switch died: without a word. */
    void forget() {
        if (end != null) {
            end.cancel(false);
        }
        queue.clear();
    }

    private void tell(String type, Playback playback) {
        plant.tell(call.application(), type, plant.words().event(type).playback(playback));
    }
}
