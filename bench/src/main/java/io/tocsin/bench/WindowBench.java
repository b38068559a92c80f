package io.tocsin.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.sms.internal.SmsChannelProvider;
import io.tocsin.lab.smsc.RawSubmitter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The SMS channel alone, without the core: how much of what a window allows it reaches (sessions × in flight ÷ round trip),
 * and how soon everything pending is known to be in doubt when the carrier hangs up. The carrier is a process of its own;
 * the control is bare jSMPP with as many callers as the window, in this same process, against the same carrier.
 */
public final class WindowBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private WindowBench() {}

    /** What one run over the channel came to. */
    private record Run(double rate, double cpuMicros, int threads, long accepted, long receipts) {}

    public static void main(String[] args) throws Exception {
        Options options =
                new Options(args, Set.of("recipients", "binds", "in-flight", "latency-ms", "receipt-delay-ms", "json"));
        int recipients = options.number("recipients", 40_000);
        int binds = options.number("binds", 4);
        int inFlight = options.number("in-flight", 50);
        int latency = options.number("latency-ms", 50);
        int receiptDelay = options.number("receipt-delay-ms", 50);
        int warmUp = Math.min(recipients, latency < 10 ? 100_000 : 20_000);
        try (SmscProcess smsc = SmscProcess.start("latency-ms=" + latency, "receipt-delay-ms=" + receiptDelay)) {
            int threads = THREADS.getThreadCount();
            Run run;
            long doubtMicros;
            Arrivals arrivals = new Arrivals();
            try (Channel channel = open(smsc.port(), binds, inFlight, arrivals)) {
                run(channel, warmUp, threads, arrivals);
                smsc.command("/reset");
                run = run(channel, recipients, threads, arrivals);
                doubtMicros = doubt(channel, smsc, latency);
            }
            smsc.command("/reset");
            RawSubmitter raw = new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", SmscProcess.PASSWORD);
            int controlled = Math.min(recipients, 200_000);
            raw.run(binds, binds * inFlight, Math.min(warmUp, controlled), 60);
            long cpu = SYSTEM.getProcessCpuTime();
            RawSubmitter.Result control = raw.run(binds, binds * inFlight, controlled, 60);
            double controlCpu = (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / controlled;
            double controlRate = control.submits() / control.submitSeconds();

            ObjectNode result = new ObjectMapper().createObjectNode();
            result.put("bench", "window").put("recipients", recipients);
            result.put("seconds", round(recipients / run.rate));
            result.put("binds", binds).put("inFlight", inFlight).put("smscLatencyMs", latency);
            result.put("rate", Math.round(run.rate));
            if (latency > 0) {
                result.put("shareOfTheory", round(run.rate / (binds * inFlight * 1000.0 / latency)));
            }
            result.put("accepted", run.accepted).put("receipts", run.receipts);
            result.put("cpuMicrosPerMessage", round(run.cpuMicros)).put("threads", run.threads);
            result.put("doubtMs", doubtMicros / 1000.0);
            result.putObject("control")
                    .put("name", "raw jSMPP")
                    .put("rate", Math.round(controlRate))
                    .put("cpuMicrosPerMessage", round(controlCpu));
            result.put("shareOfControl", round(run.rate / controlRate));
            System.out.println(new ObjectMapper().writeValueAsString(result));
        }
    }

    private static Channel open(int port, int binds, int inFlight, ChannelEvents events) throws Exception {
        Channel channel = new SmsChannelProvider()
                .open(
                        new ChannelAccount(
                                "bench",
                                Map.of(
                                        "host",
                                        "127.0.0.1",
                                        "port",
                                        String.valueOf(port),
                                        "system-id",
                                        "tocsin",
                                        "password",
                                        SmscProcess.PASSWORD,
                                        "sender",
                                        "38000",
                                        "transmit-binds",
                                        String.valueOf(binds),
                                        "window",
                                        String.valueOf(binds * inFlight),
                                        "reconnect-delay",
                                        "50ms",
                                        "response-timeout",
                                        "10s")),
                        events);
        awaitUp(channel);
        return channel;
    }

    private static void awaitUp(Channel channel) throws IOException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (channel.health().state() != ChannelHealth.State.UP) {
            if (System.nanoTime() > limit) {
                throw new IOException("the channel did not come up: " + channel.health());
            }
            Progress.pause(Duration.ofMillis(5));
        }
    }

    /** One thread keeps the window full, as the core does. */
    private static Run run(Channel channel, int messages, int threadsBefore, Arrivals arrivals) throws Exception {
        Semaphore window = new Semaphore(channel.window());
        AtomicLong accepted = new AtomicLong();
        long receiptsBefore = arrivals.receipts.get();
        THREADS.resetPeakThreadCount();
        long cpu = SYSTEM.getProcessCpuTime();
        long from = System.nanoTime();
        for (int n = 0; n < messages; n++) {
            window.acquire();
            channel.send(message(n)).whenComplete((outcome, failure) -> {
                if (outcome instanceof SendOutcome.Accepted) {
                    accepted.incrementAndGet();
                }
                window.release();
            });
        }
        window.acquire(channel.window());
        double seconds = (System.nanoTime() - from) / 1e9;
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (arrivals.receipts.get() - receiptsBefore < accepted.get() && System.nanoTime() < limit) {
            Progress.pause(Duration.ofMillis(1));
        }
        double cpuMicros = (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / messages;
        return new Run(
                messages / seconds,
                cpuMicros,
                THREADS.getPeakThreadCount() - threadsBefore,
                accepted.get(),
                arrivals.receipts.get() - receiptsBefore);
    }

    /** Microseconds from the order to drop every connection until the last of a full window is known to be in doubt. */
    private static long doubt(Channel channel, SmscProcess smsc, int latency) throws Exception {
        smsc.command("/reset");
        smsc.command("/behave?latency-ms=600000");
        AtomicLong last = new AtomicLong();
        CompletableFuture<?>[] pending = new CompletableFuture<?>[channel.window()];
        AtomicLong others = new AtomicLong();
        for (int n = 0; n < pending.length; n++) {
            pending[n] = channel.send(message(n)).toCompletableFuture().thenAccept(outcome -> {
                last.accumulateAndGet(System.nanoTime(), Math::max);
                if (!(outcome instanceof SendOutcome.InDoubt)) {
                    others.incrementAndGet();
                }
            });
        }
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (smsc.stats().get("submits").asLong() < pending.length && System.nanoTime() < limit) {
            Progress.pause(Duration.ofMillis(5));
        }
        long dropped = System.nanoTime();
        smsc.command("/drop");
        CompletableFuture.allOf(pending).join();
        smsc.command("/behave?latency-ms=" + latency);
        if (others.get() > 0) {
            throw new IllegalStateException(others + " of " + pending.length + " pending messages are not in doubt");
        }
        return (last.get() - dropped) / 1000;
    }

    private static OutboundMessage message(int n) {
        return new OutboundMessage(
                "w-" + n,
                "+3363998%04d".formatted(n % 10_000),
                Optional.empty(),
                "fr",
                "",
                "Ceci est un exercice. Repondez 1.",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.LIFE_SAFETY,
                true,
                false);
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** A core that stores everything at once. */
    private static final class Arrivals implements ChannelEvents {
        private final AtomicLong receipts = new AtomicLong();

        @Override
        public CompletionStage<Void> receipt(Receipt receipt) {
            receipts.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> inbound(InboundMessage message) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void health(ChannelHealth health) {}
    }
}
