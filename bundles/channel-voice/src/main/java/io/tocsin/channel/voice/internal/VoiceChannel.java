package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.Withdrawal;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open voice account: lines of a trunk. No thread waits for a call: the switch's event loop serves all. */
final class VoiceChannel implements Channel, LineCapacity, Preflight, Reattachment, Withdrawal, SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(VoiceChannel.class);
    private static final Duration GOODBYE_LIMIT = Duration.ofSeconds(1);

    /** Over the longest call, for the switch to say that it is over. */
    private static final Duration MARGIN = Duration.ofSeconds(20);

    private final String account;
    private final VoiceSettings settings;
    private final ChannelEvents events;
    private final Calls calls;
    private final TrunkWatch trunk;
    private final Switch asterisk;
    private final CamelContext context;
    private final AsyncProducer entry;
    private final Duration drainLimit;
    private final Duration checkLimit;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<CompletableFuture<ChannelHealth>> checks = new ConcurrentLinkedQueue<>();
    private ChannelHealth told;

    /** @param drainLimit how long closing waits for calls to end @param checkLimit how long a check waits for a connection */
    VoiceChannel(
            String account,
            VoiceSettings settings,
            ChannelEvents events,
            Calls calls,
            TrunkWatch trunk,
            Switch asterisk,
            CamelContext context,
            AsyncProducer entry,
            Duration drainLimit,
            Duration checkLimit) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.calls = calls;
        this.trunk = trunk;
        this.asterisk = asterisk;
        this.context = context;
        this.entry = entry;
        this.drainLimit = drainLimit;
        this.checkLimit = checkLimit;
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        if (closed.get()) {
            return CompletableFuture.completedFuture(CallEnd.trunk("channel-closed"));
        }
        Optional<Refusal> refused = Refusal.of(message);
        if (refused.isPresent()) {
            return CompletableFuture.completedFuture(refused.get().outcome());
        }
        CompletableFuture<SendOutcome> end = new CompletableFuture<>();
        Exchange exchange = entry.getEndpoint().createExchange();
        exchange.getMessage().setBody(message);
        // a route that is stopped or suspended carries nothing, and nobody was called
        entry.process(
                exchange,
                doneSync -> end.complete(
                        exchange.getMessage().getBody() instanceof SendOutcome outcome
                                ? outcome
                                : CallEnd.trunk("route-stopped")));
        return end;
    }

    @Override
    public Optional<Objection> objection(OutboundMessage message) {
        return Refusal.of(message).map(Refusal::objection);
    }

    @Override
    public int window() {
        return settings.lines();
    }

    /** Of the trunk's, those that no call occupies which the core did not ask for: the rest is its to fill. */
    @Override
    public int lines() {
        return asterisk.isUp() && !closed.get() && trunk.trouble().isEmpty()
                ? Math.max(0, settings.linesHere() - calls.beside())
                : 0;
    }

    @Override
    public Duration longest() {
        return settings.longestCall().plus(settings.reconnectPatience()).plus(MARGIN);
    }

    @Override
    public ChannelHealth health() {
        if (closed.get()) {
            return ChannelHealth.down("closed");
        }
        if (!asterisk.isUp()) {
            return ChannelHealth.down("no connection to the switch: " + calls.trouble());
        }
        Optional<String> dead = trunk.trouble();
        if (dead.isPresent()) {
            return ChannelHealth.down(dead.get());
        }
        String odd = asterisk.oddities().summary();
        return new ChannelHealth(
                ChannelHealth.State.UP, lineCount() + (odd.isEmpty() ? "" : "; seen from the switch: " + odd));
    }

    private String lineCount() {
        return settings.linesHere() < settings.lines()
                ? settings.linesHere() + " of " + settings.lines() + " lines"
                : settings.lines() + " lines";
    }

    /** The connection is pinged for as long as it stands. */
    @Override
    public CompletionStage<ChannelHealth> check() {
        CompletableFuture<ChannelHealth> check = new CompletableFuture<>();
        checks.add(check);
        check.whenComplete((health, failure) -> checks.remove(check));
        asterisk.schedule(() -> check.complete(health()), checkLimit);
        endChecks(health());
        return check;
    }

    private void endChecks(ChannelHealth now) {
        if (closed.get() || now.state() == ChannelHealth.State.UP) {
            checks.forEach(check -> check.complete(now));
        }
    }

    /** Tells the core when the health is another than last told. */
    void changed() {
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
    public CompletionStage<Boolean> reattach(OutboundMessage message) {
        return message.call().isEmpty() ? CompletableFuture.completedFuture(false) : calls.reattach(message);
    }

    @Override
    public boolean findsOnlyOwn() {
        return settings.ownSwitch();
    }

    @Override
    public void withdraw(String reference) {
        calls.withdraw(reference);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> drained = calls.drain();
        if (!ended(drained, drainLimit)) {
            LOG.info("voice-closed-with-calls account={} calls={}", account, calls.busy());
            drained.complete(null);
            ended(calls.abandon(), GOODBYE_LIMIT);
        }
        endChecks(health());
        context.stop();
        asterisk.close();
    }

    private static boolean ended(CompletableFuture<?> what, Duration limit) {
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

    @Override
    public String toString() {
        return "VoiceChannel[" + account + "]";
    }
}
