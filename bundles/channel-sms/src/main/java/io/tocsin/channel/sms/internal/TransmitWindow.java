package io.tocsin.channel.sms.internal;

import io.netty.channel.EventLoop;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An account's pending window over all its transmitting binds: what waits for a place, and which bind it goes to. A bind
 * holds at most its share of the window, so that losing others does not make it exceed what the carrier allows.
 *
 * <p>Confined to the event loop of the transmitting binds; {@link #submit} takes from any thread. What waits was never
 * written, so its fate is certain; what was written has its fate decided by {@link SmppSession}.
 */
final class TransmitWindow {
    private final EventLoop loop;
    private final SmsSettings settings;
    private final int perBind;
    private final long timeoutNanos;
    private final Queue<Submission> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean inboxDue = new AtomicBoolean();
    private final Deque<Submission> waiting = new ArrayDeque<>();
    private final List<Bind> binds = new ArrayList<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean draining;
    private volatile boolean shut;
    private int turn;

    TransmitWindow(EventLoop loop, SmsSettings settings) {
        this.loop = loop;
        this.settings = settings;
        this.perBind = (settings.window() + settings.transmitBinds() - 1) / settings.transmitBinds();
        this.timeoutNanos = settings.responseTimeout().toNanos();
    }

    /** Before the first submission. */
    void add(Bind bind) {
        binds.add(bind);
    }

    /** Returns at once; the submission's outcome comes on the event loop. */
    void submit(Submission submission) {
        inbox.add(submission);
        if (inboxDue.compareAndSet(false, true)) {
            try {
                loop.execute(this::takeIn);
            } catch (RejectedExecutionException e) {
                shut = true;
            }
        }
        if (shut) {
            emptyInbox();
        }
    }

    /** Ends what comes after the event loop has ended. */
    void shut() {
        shut = true;
        emptyInbox();
    }

    /** Takes nothing new, drops what has not begun. @return completes when nothing is pending any more */
    CompletableFuture<Void> drain() {
        loop.execute(() -> {
            draining = true;
            List<Submission> notBegun =
                    waiting.stream().filter(one -> !one.begun()).toList();
            waiting.removeAll(notBegun);
            notBegun.forEach(one -> one.end(closed()));
            checkDrained();
        });
        return drained;
    }

    /** Ends everything: what was handed over and is not answered may have left. */
    void abandon() {
        for (Bind bind : binds) {
            bind.session().ifPresent(session -> session.takePending()
                    .forEach(one -> one.end(new SendOutcome.InDoubt("channel-closed"))));
        }
        waiting.forEach(one -> one.end(closed()));
        waiting.clear();
        checkDrained();
    }

    void answered(Submission submission, int status, String id) {
        if (status != 0) {
            submission.end(SmppStatus.outcome(status));
        } else if (submission.accepted(settings.messageIds().ofResponse(id))) {
            submission.end();
        } else {
            submission.deadline(System.nanoTime() + timeoutNanos);
            waiting.addFirst(submission);
        }
    }

    /** Gives up on what waited for a place as long as a response may take: the carrier is slower than the window. */
    void giveUpOverdue(long now) {
        for (Iterator<Submission> it = waiting.iterator(); it.hasNext(); ) {
            Submission one = it.next();
            if (now - one.deadline() >= 0) {
                it.remove();
                one.end(new SendOutcome.Retry("no-room", Duration.ZERO, Scope.ACCOUNT));
            }
        }
        pump();
    }

    /** Writes what can leave now. To be called whenever there may be room, or a bind came or went. */
    void pump() {
        if (!waiting.isEmpty()) {
            long deadline = System.nanoTime() + timeoutNanos;
            for (SmppSession room = roomiest(); room != null && !waiting.isEmpty(); room = roomiest()) {
                Submission one = waiting.poll();
                one.deadline(deadline);
                room.submit(one);
            }
            if (!waiting.isEmpty() && binds.stream().noneMatch(Bind::isUp)) {
                List<Submission> stranded = new ArrayList<>(waiting);
                waiting.clear();
                stranded.forEach(one -> one.end(SmppStatus.notBound(settings.reconnectDelay())));
            }
            binds.forEach(bind -> bind.session().ifPresent(SmppSession::flush));
        }
        checkDrained();
    }

    private void takeIn() {
        inboxDue.set(false);
        long deadline = System.nanoTime() + timeoutNanos;
        for (Submission one = inbox.poll(); one != null; one = inbox.poll()) {
            if (draining) {
                one.end(closed());
            } else {
                one.deadline(deadline);
                waiting.add(one);
            }
        }
        pump();
    }

    private void emptyInbox() {
        for (Submission one = inbox.poll(); one != null; one = inbox.poll()) {
            one.end(closed());
        }
    }

    /** The session with the least pending of those with room, in turn where they are equal; null if there is none. */
    private SmppSession roomiest() {
        SmppSession best = null;
        turn++;
        for (int i = 0; i < binds.size(); i++) {
            SmppSession session =
                    binds.get(Math.floorMod(turn + i, binds.size())).sessionOrNull();
            if (session != null && session.hasRoom(perBind) && (best == null || session.pending() < best.pending())) {
                best = session;
            }
        }
        return best;
    }

    private void checkDrained() {
        if (draining
                && waiting.isEmpty()
                && binds.stream()
                        .allMatch(bind -> bind.sessionOrNull() == null
                                || bind.sessionOrNull().pending() == 0)) {
            drained.complete(null);
        }
    }

    private static SendOutcome closed() {
        return new SendOutcome.Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT);
    }
}
