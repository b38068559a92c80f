package io.tocsin.channel.sms.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.tocsin.channel.api.SendOutcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jsmpp.PDUStringException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.util.DefaultComposer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one bind of an account up: connects, binds, connects again when the connection is lost or was refused, waiting
 * longer after each refusal, and knows in one line why it is down.
 *
 * <p>Transmitting and receiving binds are apart, and on different event loops: on a common one, receipts hold up the
 * responses behind them. All but the questions about its state happens on its event loop.
 */
final class Bind implements SmppSession.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Bind.class);
    private static final int LONGEST_WAIT_FACTOR = 8;
    private static final byte SMPP_3_4 = 0x34;
    private static final long UNBIND_LIMIT_MILLIS = 1_000;
    private static final long LONGEST_SWEEP_MILLIS = 250;

    /** What happens on a bind that another part of the account decides about; on the bind's event loop. */
    interface Uses {
        void answered(Submission submission, int status, String id);

        void answeredLate(PendingSubmits.Late submission, int status, String id);

        void deliver(DeliverSm deliver, IntConsumer answer);

        /** There may be room for more, or no bind left. */
        void mayGoOn();

        void giveUpOverdue(long nanoTime);

        /** The bind went up or down; must not block. */
        void changed();
    }

    private final String account;
    private final String id;
    private final boolean transmits;
    private final SmsSettings settings;
    private final EventLoop loop;
    private final Executor resolver;
    private final Oddities oddities;
    private final Uses uses;
    private final long sweepMillis;
    private SmppSession session;
    private ScheduledFuture<?> sweep;
    private int attempts;
    private int refusals;
    private long upSince;
    private boolean closed;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile boolean up;
    private volatile String trouble = "not connected yet";

    /** @param resolver where names are looked up, which may take long */
    Bind(
            String account,
            String id,
            boolean transmits,
            SmsSettings settings,
            EventLoop loop,
            Executor resolver,
            Oddities oddities,
            Uses uses) {
        this.account = account;
        this.id = id;
        this.transmits = transmits;
        this.settings = settings;
        this.loop = loop;
        this.resolver = resolver;
        this.oddities = oddities;
        this.uses = uses;
        this.sweepMillis = Math.max(
                10, Math.min(LONGEST_SWEEP_MILLIS, settings.responseTimeout().toMillis() / 10));
    }

    boolean transmits() {
        return transmits;
    }

    boolean isUp() {
        return up;
    }

    /** Why the bind is down, in one line without secrets. */
    String trouble() {
        return trouble;
    }

    Optional<SmppSession> session() {
        return Optional.ofNullable(session);
    }

    SmppSession sessionOrNull() {
        return session;
    }

    void start() {
        loop.execute(this::connect);
    }

    /** Unbinds and tries no more. @return completes when the connection is gone, within about a second */
    CompletableFuture<Void> close() {
        loop.execute(() -> {
            closed = true;
            if (session == null) {
                gone.complete(null);
            } else {
                session.unbind(UNBIND_LIMIT_MILLIS);
            }
        });
        return gone;
    }

    private void connect() {
        if (closed) {
            gone.complete(null);
            return;
        }
        CompletableFuture.supplyAsync(this::resolve, resolver).whenCompleteAsync(this::resolved, loop);
    }

    private InetAddress[] resolve() {
        try {
            return InetAddress.getAllByName(settings.host());
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    private void resolved(InetAddress[] addresses, Throwable failure) {
        if (closed) {
            gone.complete(null);
        } else if (failure != null) {
            failed("unknown host " + settings.host());
        } else {
            open(new InetSocketAddress(addresses[Math.floorMod(attempts++, addresses.length)], settings.port()));
        }
    }

    private void open(InetSocketAddress address) {
        SmppSession opening = new SmppSession(id, settings, oddities, this);
        Optional<SslHandler> tls = settings.tls().map(carrier -> carrier.handler(settings.responseTimeout()));
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.enquireLink().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.ifPresent(channel.pipeline()::addLast);
                        channel.pipeline()
                                .addLast(new IdleStateHandler(
                                        settings.enquireLink().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                                .addLast(new PduFramer(opening))
                                .addLast(opening);
                    }
                })
                .connect(address);
        connected.addListener(result -> {
            if (!result.isSuccess()) {
                failed("cannot connect: " + result.cause().getMessage());
                return;
            }
            session = opening;
            if (closed) {
                opening.close("closed");
            } else if (tls.isPresent()) {
                tls.get().handshakeFuture().addListener(handshake -> {
                    if (handshake.isSuccess()) {
                        bind(opening);
                    } else {
                        opening.close(CarrierTls.reason(handshake.cause()));
                    }
                });
            } else {
                bind(opening);
            }
        });
    }

    private void bind(SmppSession opening) {
        int command = transmits ? SMPPConstant.CID_BIND_TRANSMITTER : SMPPConstant.CID_BIND_RECEIVER;
        try {
            opening.bind(
                    command,
                    new DefaultComposer()
                            .bind(
                                    command,
                                    1,
                                    settings.systemId(),
                                    settings.password(),
                                    settings.systemType(),
                                    SMPP_3_4,
                                    (byte) 0,
                                    (byte) 0,
                                    ""),
                    1);
        } catch (PDUStringException e) {
            // the settings were checked for this; without the cause, which may quote them
            opening.close("a setting does not fit into a bind");
            return;
        }
        loop.schedule(
                () -> {
                    if (!up && session == opening) {
                        opening.close("no answer to the bind");
                    }
                },
                settings.responseTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void bindAnswered(int status) {
        if (status != SMPPConstant.STAT_ESME_ROK) {
            session.close(SmppStatus.bindRefusal(status));
            return;
        }
        up = true;
        upSince = System.nanoTime();
        sweep = loop.scheduleWithFixedDelay(this::sweep, sweepMillis, sweepMillis, TimeUnit.MILLISECONDS);
        LOG.info("sms-bind-up account={} bind={}", account, id);
        uses.changed();
        uses.mayGoOn();
    }

    private void sweep() {
        long now = System.nanoTime();
        if (session != null) {
            session.giveUpOverdue(now);
        }
        uses.giveUpOverdue(now);
    }

    @Override
    public void closed(String why) {
        boolean was = up;
        session = null;
        up = false;
        if (sweep != null) {
            sweep.cancel(false);
            sweep = null;
        }
        if (closed) {
            trouble = "closed";
            gone.complete(null);
        } else if (was) {
            trouble = why;
            LOG.warn("sms-bind-lost account={} bind={} reason={}", account, id, why);
            // one that is thrown out as soon as it is let in must not come back in a tight loop
            if (System.nanoTime() - upSince > settings.reconnectDelay().toNanos()) {
                refusals = 0;
                loop.execute(this::connect);
            } else {
                tryLater();
            }
            uses.changed();
        } else {
            failed(why);
        }
        uses.mayGoOn();
    }

    private void failed(String why) {
        if (closed) {
            gone.complete(null);
            return;
        }
        boolean news = refusals == 0 || !why.equals(trouble);
        trouble = why;
        if (news) {
            LOG.warn("sms-bind-down account={} bind={} reason={}", account, id, why);
        }
        tryLater();
        uses.changed();
    }

    private void tryLater() {
        int factor = Math.min(1 << Math.min(refusals, 16), LONGEST_WAIT_FACTOR);
        refusals++;
        Duration wait = settings.reconnectDelay().multipliedBy(factor);
        loop.schedule(this::connect, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void answered(Submission submission, int status, String messageId) {
        uses.answered(submission, status, messageId);
    }

    @Override
    public void answeredLate(PendingSubmits.Late submission, int status, String messageId) {
        uses.answeredLate(submission, status, messageId);
    }

    @Override
    public void ended(Submission submission, SendOutcome outcome) {
        submission.end(outcome);
    }

    @Override
    public void deliver(DeliverSm deliver, IntConsumer answer) {
        uses.deliver(deliver, answer);
    }

    @Override
    public void readAll() {
        uses.mayGoOn();
    }
}
