package io.tocsin.channel.voice.internal;

import io.tocsin.platform.asterisk.ari.AriChannel;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.AriException;
import io.tocsin.platform.asterisk.ari.AriPlayback;
import io.tocsin.platform.asterisk.ari.AriRecording;
import io.tocsin.platform.asterisk.ari.CallListener;
import io.tocsin.platform.asterisk.ari.Switch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * One person's end of a call: what is played to them, what they do. Puts in order what a switch sends twice, late or not at all:
 * its {@link Hearer} is answered once, gone once, and hears of the playback it asked for last only. The switch's event loop only.
 */
final class Leg implements CallListener {
    /** A playback that a hang-up cut off is told before the hang-up is. */
    private static final Duration HANG_UP_FOLLOWS = Duration.ofSeconds(2);

    /** Of one that was taken over the end is not told, but that it left our hands; of others, the end follows. */
    private static final Duration END_OF_TAKEN_OVER = Duration.ofMillis(200);

    private static final Duration END_FOLLOWS = Duration.ofSeconds(3);
    private static final int MOST_PLAYBACKS = 12;
    private static final int NORMAL_CLEARING = 16;

    /** Told what happens on the leg. */
    interface Hearer {
        default void ringing() {}

        void answered();

        default void key(char key) {}

        /** What was played last is over, to its end. */
        default void played() {}

        /** It could not be played, and nobody hung up: a file that is not there. */
        default void notPlayed() {}

        default void talking(boolean started, Duration spoke) {}

        default void recorded(AriRecording recording) {}

        /**
         * The end; nothing follows.
         *
         * @param cause Q.850
         * @param techCause the SIP status, if one came
         */
        void gone(int cause, OptionalInt techCause);

        /** It goes on in other hands; nothing follows. */
        default void takenAway() {}
    }

    private final Switch asterisk;
    private final Function<Path, String> media;
    private final String id;
    private final Hearer hearer;
    private int playbacks;
    private String playing = "";
    private boolean rang;
    private boolean up;
    private boolean gone;
    private boolean inbound;
    private boolean takenOver;

    Leg(Switch asterisk, Function<Path, String> media, String id, Hearer hearer) {
        this.asterisk = asterisk;
        this.media = media;
        this.id = id;
        this.hearer = hearer;
    }

    String id() {
        return id;
    }

    boolean isUp() {
        return up && !gone;
    }

    boolean isGone() {
        return gone;
    }

    /** It called us: the last that is heard of it is that it left our hands. */
    void inbound() {
        inbound = true;
        up = true;
    }

    /**
     * It was another's. What that one plays is stopped: the switch moves a channel only once it is silent, and until then nobody
     * hears its keys.
     */
    void takenOver() {
        takenOver = true;
        for (int n = 1; n <= MOST_PLAYBACKS; n++) {
            asterisk.stopPlayback(playback(false, n));
            asterisk.stopPlayback(playback(true, n));
        }
        playbacks = MOST_PLAYBACKS;
    }

    private String playback(boolean again, int n) {
        return id + (again ? "-a" : "-p") + n;
    }

    @Override
    public void event(AriEvent event) {
        if (gone) {
            return;
        }
        if (event instanceof AriEvent.StasisStart) {
            up();
        } else if (event instanceof AriEvent.Dial dial && dial.status().equals("RINGING")) {
            ringing();
        } else if (event instanceof AriEvent.ChannelStateChange change
                && change.channel().state() == AriChannel.State.RINGING) {
            ringing();
        } else if (event instanceof AriEvent.ChannelDtmfReceived key) {
            if (up) {
                hearer.key(key.digit());
            }
        } else if (event instanceof AriEvent.ChannelTalking talking) {
            hearer.talking(talking.started(), talking.spoke());
        } else if (event instanceof AriEvent.PlaybackFinished finished) {
            finished(finished.playback());
        } else if (event instanceof AriEvent.RecordingChanged changed) {
            hearer.recorded(changed.recording());
        } else if (event instanceof AriEvent.ChannelDestroyed end) {
            gone(end.cause(), end.techCause());
        } else if (event instanceof AriEvent.StasisEnd && inbound) {
            gone(NORMAL_CLEARING, OptionalInt.empty());
        } else if (event instanceof AriEvent.StasisEnd) {
            after(takenOver ? END_OF_TAKEN_OVER : END_FOLLOWS, this::lookWhere);
        }
    }

    /** It left our hands, and nobody said that it ended. */
    private void lookWhere() {
        asterisk.channel(id).whenComplete((found, failure) -> {
            if (gone || failure != null) {
                return; // without an answer there is no connection: who asks for it then finds out
            }
            if (found.isEmpty()) {
                gone(NORMAL_CLEARING, OptionalInt.empty());
            } else {
                gone = true;
                asterisk.detach(id);
                hearer.takenAway();
            }
        });
    }

    private void ringing() {
        if (!rang && !up) {
            rang = true;
            hearer.ringing();
        }
    }

    /** In our hands: told by the switch, or found so. */
    void up() {
        if (!up) {
            up = true;
            hearer.answered();
        }
    }

    void gone(int cause, OptionalInt techCause) {
        if (!gone) {
            gone = true;
            playing = "";
            asterisk.detach(id);
            hearer.gone(cause, techCause);
        }
    }

    /** Plays one after the other in place of what is playing; {@link Hearer#played} when it is over. Nothing is over at once. */
    void play(List<Path> sounds) {
        silence();
        if (sounds.isEmpty()) {
            String nothing = playback(takenOver, ++playbacks);
            playing = nothing;
            asterisk.execute(() -> over(nothing));
            return;
        }
        start(sounds.stream().map(media).toList());
    }

    /** As {@link #play}, of what the switch has itself: {@code tone:…}. */
    void playOfSwitch(String what) {
        silence();
        start(List.of(what));
    }

    private void start(List<String> what) {
        String playback = playback(takenOver, ++playbacks);
        playing = playback;
        asterisk.play(id, playback, what).whenComplete((begun, failure) -> {
            if (failure instanceof AriException why && why.kind() != AriException.Kind.IN_DOUBT) {
                failed(playback);
            }
        });
    }

    private void finished(AriPlayback playback) {
        if (playback.state() == AriPlayback.State.FAILED) {
            failed(playback.id());
        } else {
            over(playback.id());
        }
    }

    private void over(String playback) {
        if (playback.equals(playing) && !gone) {
            playing = "";
            hearer.played();
        }
    }

    private void failed(String playback) {
        if (playback.equals(playing)) {
            asterisk.schedule(
                    () -> {
                        if (playback.equals(playing) && !gone) {
                            playing = "";
                            hearer.notPlayed();
                        }
                    },
                    HANG_UP_FOLLOWS);
        }
    }

    /** Stops what is playing; nothing more is heard of it. */
    void silence() {
        if (!playing.isEmpty()) {
            String playback = playing;
            playing = "";
            asterisk.stopPlayback(playback);
        }
    }

    /** Ends it from our side; {@link Hearer#gone} follows, when the switch says so. */
    void hangUp() {
        hangUp(NORMAL_CLEARING);
    }

    void hangUp(int cause) {
        if (!gone) {
            asterisk.hangup(id, cause).whenComplete((there, failure) -> {
                if (Boolean.FALSE.equals(there)) {
                    gone(cause, OptionalInt.empty());
                }
            });
        }
    }

    /** Later, unless the leg is gone by then. */
    Future<?> after(Duration wait, Runnable work) {
        return asterisk.schedule(
                () -> {
                    if (!gone) {
                        work.run();
                    }
                },
                wait);
    }
}
