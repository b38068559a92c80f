package io.tocsin.lab.phone.internal;

import java.util.List;

/** Media played to a channel one after the other. On the loop only. */
final class Playback {
    /** As ARI says it. */
    enum State {
        QUEUED("queued"),
        PLAYING("playing"),
        CONTINUING("continuing"),
        DONE("done"),
        FAILED("failed");

        private final String word;

        State(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private final String id;
    private final Call call;
    private final List<String> media;
    private int at;
    private State state = State.QUEUED;

    Playback(String id, Call call, List<String> media) {
        this.id = id;
        this.call = call;
        this.media = media;
    }

    String id() {
        return id;
    }

    Call call() {
        return call;
    }

    String channelId() {
        return call.id();
    }

    /** What is played now. */
    String media() {
        return media.get(at);
    }

    /** @return null if nothing comes after it */
    String next() {
        return at + 1 < media.size() ? media.get(at + 1) : null;
    }

    void advance() {
        at++;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }
}
