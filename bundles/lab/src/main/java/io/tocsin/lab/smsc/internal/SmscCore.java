package io.tocsin.lab.smsc.internal;

import io.tocsin.lab.people.Dice;
import io.tocsin.lab.people.SmsPeople;
import io.tocsin.lab.smsc.Fate;
import io.tocsin.lab.smsc.Oddity;
import io.tocsin.lab.smsc.SmscCounters;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.Bind;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.OptionalParameters;
import org.jsmpp.bean.SubmitSm;

/** The workings of the simulated SMSC: listens, decides about each submit, and has the rest done when it is due. */
public final class SmscCore implements SmscSession.Carrier {
    private static final int UDHI = 0x40;
    private static final int CONCATENATION_8_BIT = 0x00;
    private static final int RECEIPT_WANTED = 0x03;

    private final ServerSocket listener;
    private final DueWork due = new DueWork(this::idle);
    /** By login: as a carrier does, what belongs to a login goes to whoever is bound under it. */
    private final Map<String, Outbox> outboxes = new ConcurrentHashMap<>();

    private final Handsets handsets = new Handsets();
    private final Set<SmscSession> sessions = ConcurrentHashMap.newKeySet();
    /** Ids go up from the clock, so that they do not come again after a restart. */
    private final AtomicLong ids;

    private final LongAdder submits = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder throttled = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder drops = new LongAdder();
    private final Object throttle = new Object();
    private long second;
    private int inSecond;
    private volatile SmscOptions options;
    private volatile boolean refusing;
    private volatile boolean closed;

    private SmscCore(SmscOptions options, ServerSocket listener) {
        this.options = options;
        this.listener = listener;
        this.ids = new AtomicLong(options.firstId() == 0 ? System.currentTimeMillis() * 1000 : options.firstId() - 1);
    }

    public static SmscCore start(SmscOptions options) throws IOException {
        ServerSocket listener = options.tls().isPresent()
                ? options.tls().get().getServerSocketFactory().createServerSocket()
                : new ServerSocket();
        listener.setReuseAddress(true);
        try {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()));
        } catch (IOException e) {
            listener.close();
            throw new IOException("SMSC port " + options.port() + " cannot be used: " + e.getMessage(), e);
        }
        SmscCore core = new SmscCore(options, listener);
        daemon(core::listen, "smsc-listen-" + core.port());
        return core;
    }

    public int port() {
        return listener.getLocalPort();
    }

    public SmscOptions options() {
        return options;
    }

    public void options(SmscOptions changed) {
        options = changed;
    }

    public Handsets handsets() {
        return handsets;
    }

    private Outbox outbox(String login) {
        return outboxes.computeIfAbsent(
                login,
                key -> new Outbox(delivery ->
                        due.after(options().redeliverAfter(), () -> outbox(key).send(delivery))));
    }

    private long sum(ToLongFunction<Outbox> counter) {
        return outboxes.values().stream().mapToLong(counter).sum();
    }

    public void dropConnections() {
        for (SmscSession session : sessions) {
            drops.increment();
            session.close();
        }
    }

    /** Begins again with the first id, as a carrier does that keeps its counter in memory. */
    public void restartIds() {
        ids.set(options.firstId() - 1);
    }

    public void refuseConnections(boolean refuse) {
        refusing = refuse;
    }

    public void write(String telephone, String to, String text) {
        outbox(options.systemId()).send(Delivery.reply(telephone, to, text));
        idle();
    }

    public SmscCounters counters() {
        return new SmscCounters(
                submits.sum(),
                accepted.sum(),
                throttled.sum(),
                refused.sum(),
                handsets.messages(),
                handsets.destinations(),
                handsets.duplicates(),
                sum(Outbox::receipts),
                sum(Outbox::receiptsRefused),
                sum(Outbox::replies),
                sum(Outbox::undelivered),
                drops.sum(),
                (int) sessions.stream().filter(SmscSession::isBound).count());
    }

    public void reset() {
        handsets.clear();
        outboxes.values().forEach(Outbox::clear);
        for (LongAdder counter : new LongAdder[] {submits, accepted, throttled, refused, drops}) {
            counter.reset();
        }
    }

    public void close() {
        closed = true;
        due.close();
        try {
            listener.close();
        } catch (IOException e) {
            // closed is closed
        }
        sessions.forEach(SmscSession::close);
    }

    private void listen() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                if (refusing) {
                    socket.close();
                    continue;
                }
                SmscSession session = new SmscSession(socket, this);
                sessions.add(session);
                daemon(session, "smsc-session-" + socket.getPort());
                if (closed) {
                    session.close();
                }
            } catch (IOException e) {
                // one connection that failed to open, or the listener was closed: the loop's condition tells
            }
        }
    }

    @Override
    public int admit(Bind bind) {
        SmscOptions now = options;
        if (!bind.getSystemId().equals(now.systemId()) && !bind.getSystemId().startsWith(now.systemId() + "-")) {
            return SMPPConstant.STAT_ESME_RINVSYSID;
        }
        return now.password().equals(bind.getPassword())
                ? SMPPConstant.STAT_ESME_ROK
                : SMPPConstant.STAT_ESME_RINVPASWD;
    }

    @Override
    public void bound(SmscSession session) {
        if (session.receives()) {
            outbox(session.login()).bound(session);
        }
    }

    @Override
    public void submit(SmscSession session, SubmitSm submit) {
        SmscOptions now = options;
        submits.increment();
        long nth = submits.sum();
        String destination = address(submit.getDestAddrTon(), submit.getDestAddress());
        if (overLimit(now.maxPerSecond())) {
            throttled.increment();
            session.refuse(submit, SMPPConstant.STAT_ESME_RTHROTTLED);
        } else if (now.refusedPrefixes().stream().anyMatch(destination::startsWith)) {
            refused.increment();
            session.refuse(submit, SMPPConstant.STAT_ESME_RINVDSTADR);
        } else {
            double dice = now.dropRate() > 0 ? new Dice(now.seed(), "drop", nth).next() : 1;
            if (dice >= now.dropRate() / 2) {
                take(session, submit, destination, now, nth % now.oddEvery() == 0 ? now.odd() : Set.of());
            }
            if (dice < now.dropRate()) {
                drops.increment();
                session.close();
            }
        }
    }

    private void take(SmscSession session, SubmitSm submit, String destination, SmscOptions now, Set<Oddity> odd) {
        accepted.increment();
        long id = ids.incrementAndGet();
        String sender = address(submit.getSourceAddrTon(), submit.getSourceAddr());
        Optional<String> reference = reference(submit, now.referenceTag());
        Handsets.Placed placed = handsets.place(segment(submit, destination, sender, reference), now.recordMessages());
        Fate fate = fate(destination, placed.message(), now);

        Runnable respond = () -> session.accept(submit, now.responseIds().format(id), odd);
        boolean wanted = (submit.getRegisteredDelivery() & RECEIPT_WANTED) != 0 && fate != Fate.SILENT;
        Instant at = Instant.now();
        Runnable report = () -> {
            Outbox outbox = outbox(session.login());
            if (odd.contains(Oddity.FOREIGN_RECEIPT)) {
                outbox.send(Delivery.receipt(
                        "foreign-" + id, destination, sender, fate, at, Optional.empty(), now.referenceTag()));
            }
            Delivery receipt = Delivery.receipt(
                    odd.contains(Oddity.RECEIPT_WITHOUT_ID)
                            ? ""
                            : now.receiptIds().format(id),
                    destination,
                    sender,
                    fate,
                    at,
                    reference,
                    now.referenceTag());
            if (odd.contains(Oddity.UNREADABLE_RECEIPT)) {
                outbox.send(receipt.mangled(Delivery.Damage.BEHEADED));
            }
            outbox.send(odd.contains(Oddity.TRUNCATED_RECEIPT) ? receipt.mangled(Delivery.Damage.CUT) : receipt);
            if (odd.contains(Oddity.RECEIPT_TWICE)) {
                outbox.send(receipt);
            }
        };

        if (wanted && now.receiptBeforeResponse()) {
            report.run();
            after(now.latency(), respond);
        } else if (wanted && now.receiptDelay().isZero()) {
            after(now.latency(), () -> {
                respond.run();
                report.run();
            });
        } else {
            after(now.latency(), respond);
            if (wanted) {
                after(now.latency().plus(now.receiptDelay()), report);
            }
        }
        if (fate == Fate.DELIVERED && placed.complete().isPresent() && canBeAnswered(sender)) {
            Handsets.Complete message = placed.complete().get();
            now.people()
                    .replyTo(new SmsPeople.Arrival(destination, sender, message.text(), message.nth()))
                    .ifPresent(reply -> after(
                            now.latency().plus(now.receiptDelay()).plus(reply.think()),
                            () -> outbox(session.login()).send(Delivery.reply(destination, sender, reply.text()))));
        }
    }

    @Override
    public void delivered(SmscSession session, int sequence, int status) {
        outbox(session.login()).acknowledged(session, sequence, status);
    }

    @Override
    public void closed(SmscSession session) {
        sessions.remove(session);
        outboxes.values().forEach(outbox -> outbox.lost(session));
    }

    @Override
    public void idle() {
        sessions.forEach(SmscSession::flush);
    }

    @Override
    public int deliverWindow() {
        return options.deliverWindow();
    }

    private void after(Duration delay, Runnable work) {
        if (delay.isZero()) {
            work.run();
        } else {
            due.after(delay, work);
        }
    }

    private boolean overLimit(int perSecond) {
        if (perSecond == 0) {
            return false;
        }
        long now = System.nanoTime() / 1_000_000_000L;
        synchronized (throttle) {
            if (now != second) {
                second = now;
                inSecond = 0;
            }
            return ++inSecond > perSecond;
        }
    }

    private static Fate fate(String destination, int message, SmscOptions now) {
        for (Map.Entry<String, Fate> bySuffix : now.fateBySuffix().entrySet()) {
            if (destination.endsWith(bySuffix.getKey())) {
                return bySuffix.getValue();
            }
        }
        double failures = now.undeliverableRate() + now.expiredRate() + now.rejectedRate();
        double dice = failures > 0 ? new Dice(now.seed() + 1, destination, message).next() : 1;
        if (dice < now.undeliverableRate()) {
            return Fate.UNDELIVERABLE;
        }
        if (dice < now.undeliverableRate() + now.expiredRate()) {
            return Fate.EXPIRED;
        }
        return dice < failures ? Fate.REJECTED : Fate.DELIVERED;
    }

    /** The segment a submit_sm carries: concatenation by user data header (3GPP TS 23.040 §9.2.3.24.1) or alone. */
    private static Handsets.Segment segment(
            SubmitSm submit, String destination, String sender, Optional<String> reference) {
        byte[] octets = submit.getShortMessage();
        int group = 0;
        int total = 1;
        int number = 1;
        int headerLength = 0;
        if ((submit.getEsmClass() & UDHI) != 0 && octets.length > 0) {
            headerLength = Math.min((octets[0] & 0xff) + 1, octets.length);
            if (headerLength >= 6 && octets[1] == CONCATENATION_8_BIT) {
                group = octets[3] & 0xff;
                total = Math.max(1, octets[4] & 0xff);
                number = octets[5] & 0xff;
            }
        }
        byte[] body = Arrays.copyOfRange(octets, headerLength, octets.length);
        String text = Gsm7.decode(body, submit.getDataCoding());
        return new Handsets.Segment(destination, sender, text, reference, group, total, number);
    }

    private static Optional<String> reference(SubmitSm submit, int tag) {
        if (tag == 0) {
            return Optional.empty();
        }
        OptionalParameter found = OptionalParameters.get((short) tag, submit.getOptionalParameters());
        return found instanceof OptionalParameter.OctetString text
                ? Optional.of(text.getValueAsString())
                : Optional.empty();
    }

    /** Nobody can answer a sender written in letters: the telephone has no number to send to. */
    private static boolean canBeAnswered(String sender) {
        return !sender.isEmpty() && sender.chars().allMatch(c -> c == '+' || c >= '0' && c <= '9');
    }

    private static String address(byte typeOfNumber, String digits) {
        return typeOfNumber == 1 ? "+" + digits : digits;
    }

    private static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
