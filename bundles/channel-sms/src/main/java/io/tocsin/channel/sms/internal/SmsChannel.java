package io.tocsin.channel.sms.internal;

import io.netty.channel.EventLoopGroup;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jsmpp.PDUStringException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open SMS account: turns messages into segments, sends each message along the account's route to a transmitting bind,
 * and says what became of it. No thread waits for a carrier: two event loops serve the account, whatever its window.
 */
final class SmsChannel implements Channel, CostEstimate, Preflight, SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SmsChannel.class);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);
    private static final Duration GOODBYE_LIMIT = Duration.ofSeconds(3);
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(8);

    /** What an account runs on; closed with it. */
    record Engine(
            CamelContext context,
            AsyncProducer entry,
            TransmitWindow window,
            EventLoopGroup transmitting,
            EventLoopGroup receiving,
            ExecutorService resolver) {}

    private final String account;
    private final SmsSettings settings;
    private final ChannelEvents events;
    private final Oddities oddities;
    private final Engine engine;
    private final List<Bind> transmitters;
    private final List<Bind> receivers;
    private final AtomicInteger concatenation = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<CompletableFuture<ChannelHealth>> checks = new ConcurrentLinkedQueue<>();
    private ChannelHealth told;

    SmsChannel(
            String account,
            SmsSettings settings,
            ChannelEvents events,
            Oddities oddities,
            Engine engine,
            List<Bind> binds) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.oddities = oddities;
        this.engine = engine;
        this.transmitters = binds.stream().filter(Bind::transmits).toList();
        this.receivers = binds.stream().filter(bind -> !bind.transmits()).toList();
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        if (closed.get()) {
            return CompletableFuture.completedFuture(closedOutcome());
        }
        if (transmitters.stream().noneMatch(Bind::isUp)) {
            return CompletableFuture.completedFuture(notBound());
        }
        SmsText text = SmsText.of(message.text(), settings.alphabet());
        Optional<Refusal> refused = Refusal.of(message, text, settings);
        if (refused.isPresent()) {
            return CompletableFuture.completedFuture(refused.get().outcome());
        }
        Submission submission;
        try {
            submission = submission(message, text);
        } catch (PDUStringException e) {
            return CompletableFuture.completedFuture(new SendOutcome.Rejected("smpp-field-invalid", Fault.CONTENT));
        }
        return carry(submission);
    }

    /** Along the route; one that is stopped or suspended carries nothing, and nothing was sent. */
    private CompletionStage<SendOutcome> carry(Submission submission) {
        CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
        Exchange exchange = engine.entry().getEndpoint().createExchange();
        exchange.getMessage().setBody(submission);
        engine.entry()
                .process(
                        exchange,
                        doneSync -> outcome.complete(submission.outcome().orElseGet(this::notBound)));
        return outcome;
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
        String odd = oddities.summary();
        if (!odd.isEmpty()) {
            detail.append("; seen from the carrier: ").append(odd);
        }
        if (sending == 0) {
            return ChannelHealth.down(detail.toString());
        }
        boolean all = sending == transmitters.size() && receiving == receivers.size();
        return new ChannelHealth(all ? ChannelHealth.State.UP : ChannelHealth.State.DEGRADED, detail.toString());
    }

    /** A carrier charges for segments; what they cost, the account says, if anybody does. */
    @Override
    public Optional<Objection> objection(OutboundMessage message) {
        return Refusal.of(message, SmsText.of(message.text(), settings.alphabet()), settings)
                .map(Refusal::objection);
    }

    @Override
    public Cost estimate(OutboundMessage message) {
        return PartPrice.cost(
                Math.max(1, SmsText.of(message.text(), settings.alphabet()).segmentCount()), settings.price());
    }

    /** A bind is a round trip, tested as long as it stands: over when all are up, else with whatever is up in time. */
    @Override
    public CompletionStage<ChannelHealth> check() {
        CompletableFuture<ChannelHealth> check = new CompletableFuture<>();
        checks.add(check);
        check.whenComplete((health, failure) -> checks.remove(check));
        try {
            engine.transmitting()
                    .schedule(() -> check.complete(health()), CHECK_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            check.complete(health());
        }
        endChecks(health());
        return check;
    }

    private void endChecks(ChannelHealth now) {
        if (closed.get() || now.state() == ChannelHealth.State.UP) {
            checks.forEach(check -> check.complete(now));
        }
    }

    /** Tells the core when the health is another than last told. Called by the binds. */
    void bindsChanged() {
        ChannelHealth now = health();
        endChecks(now);
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
        if (!ended(engine.window().drain(), DRAIN_LIMIT)) {
            LOG.warn("sms-channel-closed-with-work-pending account={}", account);
        }
        ended(engine.transmitting().submit(engine.window()::abandon), GOODBYE_LIMIT);
        CompletableFuture<?>[] goodbyes = Stream.concat(transmitters.stream(), receivers.stream())
                .map(Bind::close)
                .toArray(CompletableFuture[]::new);
        ended(CompletableFuture.allOf(goodbyes), GOODBYE_LIMIT);
        endChecks(health());
        engine.resolver().shutdownNow();
        Future<?> transmitting = engine.transmitting().shutdownGracefully(0, 2, TimeUnit.SECONDS);
        Future<?> receiving = engine.receiving().shutdownGracefully(0, 2, TimeUnit.SECONDS);
        ended(transmitting, GOODBYE_LIMIT);
        ended(receiving, GOODBYE_LIMIT);
        engine.window().shut();
        engine.context().stop();
    }

    @Override
    public String toString() {
        return "SmsChannel[" + account + "]";
    }

    private Submission submission(OutboundMessage message, SmsText text) throws PDUStringException {
        SmsSender sender = message.sender().flatMap(SmsSender::of).orElse(settings.sender());
        byte userDataHeader = (byte) (text.segmentCount() > 1 ? 0x40 : 0);
        Submission.Common common = new Submission.Common(
                settings.withTypes(sender),
                message.address().substring(1),
                text.encoding().dataCoding(),
                userDataHeader,
                priority(message.category()),
                settings.validity().map(SmsChannel::relativeTime).orElse(null),
                settings.referenceTag().isPresent()
                        ? Optional.of(new Submission.Tlv(
                                (short) settings.referenceTag().getAsInt(), message.reference()))
                        : Optional.empty());
        return new Submission(message.reference(), common, text.segments(concatenation.incrementAndGet()));
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

    /** Waits for what ends by itself; false if it has not in time. */
    private static boolean ended(Future<?> what, Duration limit) {
        try {
            what.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private SendOutcome notBound() {
        return SmppStatus.notBound(settings.reconnectDelay());
    }

    private static SendOutcome closedOutcome() {
        return new SendOutcome.Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT);
    }
}
