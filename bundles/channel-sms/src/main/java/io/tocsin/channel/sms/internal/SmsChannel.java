package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open SMS account: turns messages into segments, hands each to a transmitting bind, and says what became of the
 * message. As many threads as the window, each blocked in one submit: that is how camel-smpp works.
 */
final class SmsChannel implements Channel {
    private static final Logger LOG = LoggerFactory.getLogger(SmsChannel.class);
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    private final String account;
    private final SmsSettings settings;
    private final ChannelEvents events;
    private final CamelContext context;
    private final BindSupervisor supervisor;
    private final List<Bind> transmitters;
    private final List<Bind> receivers;
    private final Submitter submitter;
    private final ThreadPoolExecutor callers;
    private final Map<Pending, Boolean> pending = new ConcurrentHashMap<>();
    private final AtomicInteger concatenation = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private ChannelHealth told;

    /** A message whose fate is open; {@code begun} once its first segment is about to go. */
    private static final class Pending {
        private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
        private volatile boolean begun;
    }

    SmsChannel(
            String account,
            SmsSettings settings,
            ChannelEvents events,
            CamelContext context,
            Submitter submitter,
            BindSupervisor supervisor,
            List<Bind> binds) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.context = context;
        this.submitter = submitter;
        this.supervisor = supervisor;
        this.transmitters = binds.stream().filter(Bind::transmits).toList();
        this.receivers = binds.stream().filter(bind -> !bind.transmits()).toList();
        AtomicInteger number = new AtomicInteger();
        this.callers = new ThreadPoolExecutor(
                settings.window(), settings.window(), 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "sms-" + account + "-submit-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        callers.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        if (closed.get()) {
            return CompletableFuture.completedFuture(closedOutcome());
        }
        if (transmitters.stream().noneMatch(Bind::isUp)) {
            return CompletableFuture.completedFuture(notBound());
        }
        Pending one = new Pending();
        pending.put(one, true);
        try {
            callers.execute(() -> run(message, one));
        } catch (RejectedExecutionException e) {
            settle(one, closedOutcome());
        }
        return one.outcome;
    }

    @Override
    public int window() {
        return settings.window();
    }

    @Override
    public ChannelHealth health() {
        if (closed.get()) {
            return ChannelHealth.down("closed");
        }
        long sending = transmitters.stream().filter(Bind::isUp).count();
        long receiving = receivers.stream().filter(Bind::isUp).count();
        StringBuilder detail = new StringBuilder(
                "transmit %d/%d, receive %d/%d".formatted(sending, transmitters.size(), receiving, receivers.size()));
        Optional<Bind> down = transmitters.stream().filter(bind -> !bind.isUp()).findFirst();
        down.or(() -> receivers.stream().filter(bind -> !bind.isUp()).findFirst())
                .ifPresent(bind -> detail.append("; ").append(bind.trouble()));
        if (sending == 0) {
            return ChannelHealth.down(detail.toString());
        }
        boolean all = sending == transmitters.size() && receiving == receivers.size();
        return new ChannelHealth(all ? ChannelHealth.State.UP : ChannelHealth.State.DEGRADED, detail.toString());
    }

    /** Tells the core when the health is another than last told. Called by the supervisor, on any thread. */
    void bindsChanged() {
        ChannelHealth now = health();
        synchronized (this) {
            if (now.equals(told) || closed.get()) {
                return;
            }
            told = now;
        }
        events.health(now);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        callers.shutdown();
        try {
            if (!callers.awaitTermination(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("sms-channel-closed-with-work-pending account={} messages={}", account, pending.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        callers.shutdownNow();
        pending.keySet()
                .forEach(one -> settle(one, one.begun ? new SendOutcome.InDoubt("channel-closed") : closedOutcome()));
        supervisor.close();
        Stream.concat(transmitters.stream(), receivers.stream()).forEach(Bind::hurryUnbinding);
        context.stop();
    }

    @Override
    public String toString() {
        return "SmsChannel[" + account + "]";
    }

    private void run(OutboundMessage message, Pending one) {
        try {
            settle(one, submit(message, one));
        } catch (RuntimeException e) {
            // nobody foresaw this: after the first segment began, only doubt is honest
            LOG.error("sms-submit-failed account={} reference={}", account, message.reference(), e);
            settle(
                    one,
                    one.begun
                            ? new SendOutcome.InDoubt("internal-error")
                            : new SendOutcome.Retry("internal-error", Duration.ZERO, Scope.MESSAGE));
        }
    }

    private SendOutcome submit(OutboundMessage message, Pending one) {
        if (!E164.matcher(message.address()).matches()) {
            return new SendOutcome.Rejected("address-not-e164", Fault.ADDRESS);
        }
        if (message.text().isEmpty()) {
            return new SendOutcome.Rejected("text-empty", Fault.CONTENT);
        }
        Optional<SmsSender> sender =
                message.sender().map(SmsSender::of).orElseGet(() -> Optional.of(settings.sender()));
        if (sender.isEmpty()) {
            return new SendOutcome.Rejected("sender-not-allowed", Fault.CONTENT);
        }
        SmsText text = SmsText.of(message.text(), settings.alphabet());
        if (text.segmentCount() > settings.maxSegments()) {
            return new SendOutcome.Rejected("text-too-long", Fault.CONTENT);
        }
        if (closed.get()) {
            return closedOutcome();
        }
        return submitAll(segments(message, sender.get(), text), one);
    }

    /** One segment after the other; the first that is not accepted ends the message, and none is ever sent twice. */
    private SendOutcome submitAll(List<Segment> segments, Pending one) {
        List<String> ids = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            Optional<Bind> bind = nextBound();
            if (bind.isPresent()) {
                one.begun = true;
            }
            SendOutcome outcome = bind.map(to -> submitter.submit(to, segment)).orElseGet(this::notBound);
            if (outcome instanceof SendOutcome.Accepted accepted) {
                ids.addAll(accepted.carrierIds());
            } else if (segment == segments.get(0)) {
                return outcome;
            } else {
                return new SendOutcome.InDoubt("segments-sent-in-part", ids);
            }
        }
        return new SendOutcome.Accepted(ids);
    }

    private List<Segment> segments(OutboundMessage message, SmsSender sender, SmsText text) {
        byte userDataHeader = (byte) (text.segmentCount() > 1 ? 0x40 : 0);
        Segment.Common common = new Segment.Common(
                settings.withTypes(sender),
                message.address().substring(1),
                text.encoding().dataCoding(),
                userDataHeader,
                priority(message.category()),
                settings.validity().map(SmsChannel::relativeTime).orElse(null),
                settings.referenceTag().isPresent()
                        ? Optional.of(
                                new Segment.Tlv((short) settings.referenceTag().getAsInt(), message.reference()))
                        : Optional.empty());
        return text.segments(concatenation.incrementAndGet()).stream()
                .map(octets -> new Segment(common, octets))
                .toList();
    }

    private byte priority(OutboundMessage.Category category) {
        if (!settings.priority()) {
            return 0;
        }
        return (byte)
                switch (category) {
                    case LIFE_SAFETY -> 3;
                    case OPERATIONAL -> 1;
                    case INFORMATION -> 0;
                };
    }

    /** SMPP 3.4 §7.1.1.2: {@code YYMMDDhhmmss000R}, counted from when the SMSC takes the message. */
    private static String relativeTime(Duration validity) {
        return "0000%02d%02d%02d%02d000R"
                .formatted(
                        validity.toDays(), validity.toHoursPart(), validity.toMinutesPart(), validity.toSecondsPart());
    }

    private Optional<Bind> nextBound() {
        int from = turn.getAndIncrement();
        for (int i = 0; i < transmitters.size(); i++) {
            Bind bind = transmitters.get(Math.floorMod(from + i, transmitters.size()));
            if (bind.isUp()) {
                return Optional.of(bind);
            }
        }
        return Optional.empty();
    }

    private void settle(Pending one, SendOutcome outcome) {
        pending.remove(one);
        one.outcome.complete(outcome);
    }

    private SendOutcome notBound() {
        return new SendOutcome.Retry("not-bound", settings.reconnectDelay(), Scope.ACCOUNT);
    }

    private static SendOutcome closedOutcome() {
        return new SendOutcome.Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT);
    }
}
