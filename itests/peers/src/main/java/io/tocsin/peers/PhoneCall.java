package io.tocsin.peers;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A call as its phone sees it. Everything may be asked from any thread, during the call and after it. */
public final class PhoneCall {
    /** How far it is, or how it ended. */
    public enum State {
        RINGING,
        UP,
        REFUSED,
        /** The other side gave up before an answer. */
        CANCELLED,
        HUNG_UP_BY_OTHER,
        HUNG_UP_HERE
    }

    private static final int LONGEST = 600 * Alaw.RATE;

    /** What is sent in one frame of 20 ms. */
    private record Sent(int type, boolean first, boolean sameTime, byte[] payload, int copies) {}

    /** A phone in a silent room sends on: who listens for a pause hears one. */
    private static final Sent SILENT = new Sent(Rtp.ALAW, false, false, Alaw.silence(0.02), 1);

    private final String id;
    private final String number;
    private final String callerNumber;
    private final String callerName;
    private final int source = ThreadLocalRandom.current().nextInt();
    private final Deque<Sent> toSend = new ArrayDeque<>();
    private final StringBuilder keys = new StringBuilder();
    private byte[] heard = new byte[0];
    private int heardLength;
    private State state = State.RINGING;
    private String reason = "";
    private InetSocketAddress switchAudio;
    private int sequence;
    private long clock;
    private long keyClock;
    private long base = -1;
    private int baseSource;
    private int baseAt;
    private long lastKey = -1;

    PhoneCall(String id, String number, String callerNumber, String callerName, InetSocketAddress switchAudio) {
        this.id = id;
        this.number = number;
        this.callerNumber = callerNumber;
        this.callerName = callerName;
        this.switchAudio = switchAudio;
    }

    /** The SIP Call-ID. */
    public String id() {
        return id;
    }

    /** What was dialled. */
    public String number() {
        return number;
    }

    /** The user of the SIP From, which the phone displays: {@code anonymous} when the caller withholds it. */
    public String callerNumber() {
        return callerNumber;
    }

    public String callerName() {
        return callerName;
    }

    public synchronized State state() {
        return state;
    }

    /** The Reason header of the hang-up, or the status of the refusal; empty if none. */
    public synchronized String reason() {
        return reason;
    }

    /** What was heard until now, A-law; gaps are silence, as the timestamps say. At most ten minutes. */
    public synchronized byte[] heard() {
        return Arrays.copyOf(heard, heardLength);
    }

    /** Keys that the other side pressed (RFC 4733). */
    public synchronized String keysHeard() {
        return keys.toString();
    }

    /** Says it now, or after what it is saying. */
    public synchronized void say(byte[] alaw) {
        for (int at = 0; at < alaw.length; at += Rtp.FRAME) {
            byte[] frame = new byte[Rtp.FRAME];
            Arrays.fill(frame, Alaw.SILENCE);
            System.arraycopy(alaw, at, frame, 0, Math.min(Rtp.FRAME, alaw.length - at));
            toSend.add(new Sent(Rtp.ALAW, at == 0, false, frame, 1));
        }
    }

    /** Presses them now, or after what it is saying: 100 ms each, as much between them. */
    public synchronized void press(String pressed) {
        for (char key : Rtp.keys(pressed).toCharArray()) {
            for (int i = 1; i <= 5; i++) {
                toSend.add(new Sent(Rtp.KEYS, i == 1, i > 1, Rtp.key(key, false, i * Rtp.FRAME), 1));
            }
            // The end is said three times, RFC 4733, 2.5.1.4
            toSend.add(new Sent(Rtp.KEYS, false, true, Rtp.key(key, true, 6 * Rtp.FRAME), 3));
            say(Alaw.silence(0.1));
        }
    }

    /** Where the other side sends its audio from, and receives ours; null while nobody has said. */
    public synchronized InetSocketAddress switchAudio() {
        return switchAudio;
    }

    /** @param said null: as it was said before */
    synchronized void up(InetSocketAddress said) {
        state = State.UP;
        if (said != null) {
            switchAudio = said;
        }
    }

    synchronized void ended(State how, String why) {
        state = how;
        reason = why.strip();
        toSend.clear();
    }

    /** The packets of the next 20 ms. */
    synchronized List<byte[]> tick() {
        clock += Rtp.FRAME;
        if (state != State.UP) {
            return List.of();
        }
        Sent next = toSend.poll();
        if (next == null) {
            next = SILENT;
        }
        if (!next.sameTime()) {
            keyClock = clock;
        }
        byte[][] packets = new byte[next.copies()][];
        for (int i = 0; i < packets.length; i++) {
            long time = next.type() == Rtp.KEYS ? keyClock : clock;
            packets[i] = Rtp.packet(next.type(), next.first(), ++sequence & 0xFFFF, time, source, next.payload());
        }
        return List.of(packets);
    }

    synchronized void received(ByteBuffer packet) {
        if (packet.remaining() < 12) {
            return;
        }
        int head = packet.getInt();
        long time = packet.getInt() & 0xFFFFFFFFL;
        int from = packet.getInt();
        int type = head >> 16 & 0x7F;
        if (type == Rtp.KEYS && packet.remaining() >= 4) {
            int event = packet.get() & 0xFF;
            if (time != lastKey) {
                lastKey = time;
                keys.append(Rtp.keyOf(event));
            }
        } else if (type == Rtp.ALAW) {
            if (base < 0 || from != baseSource) {
                base = time;
                baseSource = from;
                baseAt = heardLength;
            }
            hear(baseAt + (int) (time - base), packet);
        }
    }

    private void hear(int at, ByteBuffer frame) {
        int end = at + frame.remaining();
        if (at < 0 || end > LONGEST) {
            return;
        }
        if (end > heard.length) {
            int before = heard.length;
            heard = Arrays.copyOf(heard, Math.min(LONGEST, Math.max(end, before * 2)));
            Arrays.fill(heard, before, heard.length, Alaw.SILENCE);
        }
        frame.get(heard, at, frame.remaining());
        heardLength = Math.max(heardLength, end);
    }

    /** Who called whom stays out of what is printed. */
    @Override
    public synchronized String toString() {
        return "call " + id + " " + state;
    }
}
