package io.tocsin.lab.phone.internal;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.tocsin.lab.people.PhonePeople;
import io.tocsin.lab.people.PhonePeople.CallBack;
import io.tocsin.lab.phone.PlacedCall;
import io.tocsin.lab.phone.PlantCounters;
import io.tocsin.lab.phone.PlantOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The plant itself: what is up, who is connected, what happens when. All of it on one event loop. */
public final class PlantCore implements AutoCloseable {
    private static final int MOST_KEPT = 200_000;
    private static final long STOP_SECONDS = 5;
    private final Clock clock = Clock.systemUTC();
    private final EventLoopGroup group = new NioEventLoopGroup(1, new DefaultThreadFactory("lab-plant", true));
    private final EventLoop loop = group.next();
    private final AriWords words = new AriWords(clock);
    private final Tally tally = new Tally();
    private final Recordings recordings = new Recordings();
    private final Sounds sounds = new Sounds(recordings::stored);
    private final Lines lines;
    private final Applications applications = new Applications(words);
    private final Set<Channel> connections = new HashSet<>();
    private final Map<String, Call> calls = new HashMap<>();
    private final Map<String, Playback> playbacks = new HashMap<>();
    private final Map<String, Bridge> bridges = new HashMap<>();
    private final Map<String, Integer> called = new HashMap<>();
    private final ArrayDeque<PlacedCall> placed = new ArrayDeque<>();
    private final AmiDoor ami = new AmiDoor(this);
    private final Channel server;
    private final Optional<Channel> manager;
    private volatile PlantOptions options;
    private volatile boolean refusing;
    private int sequence;
    private long second;
    private int inSecond;

    private PlantCore(PlantOptions options) throws IOException {
        this.options = options;
        this.lines = new Lines(options.lines(), System.nanoTime());
        AriDoor door = new AriDoor(this);
        this.server = listen("port", options.port(), channel -> AriSession.install(channel, this, door));
        this.manager = options.amiPort().isEmpty()
                ? Optional.empty()
                : Optional.of(listen("ami-port", options.amiPort().getAsInt(), ami::install));
    }

    private Channel listen(String key, int port, Consumer<Channel> session) throws IOException {
        ChannelFuture listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (refusing) {
                            channel.close();
                            return;
                        }
                        connections.add(channel);
                        channel.closeFuture().addListener(closed -> connections.remove(channel));
                        session.accept(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .awaitUninterruptibly();
        if (!listening.isSuccess()) {
            group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
            throw new IOException(key + ": cannot listen on 127.0.0.1:" + port, listening.cause());
        }
        return listening.channel();
    }

    /** @throws IOException if the port is taken */
    public static PlantCore start(PlantOptions options) throws IOException {
        return new PlantCore(options);
    }

    // ---- for whoever runs it, from any thread ----

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    public OptionalInt amiPort() {
        return manager.map(channel -> OptionalInt.of(((InetSocketAddress) channel.localAddress()).getPort()))
                .orElse(OptionalInt.empty());
    }

    public PlantOptions options() {
        return options;
    }

    public void options(PlantOptions next) {
        options = next;
    }

    public void dropConnections() {
        onLoop(() -> {
            List.copyOf(connections).forEach(Channel::close);
            return null;
        });
    }

    public void refuseConnections(boolean refuse) {
        refusing = refuse;
    }

    public void crash() {
        onLoop(() -> {
            List.copyOf(connections).forEach(Channel::close);
            applications.clear();
            calls.values().forEach(call -> {
                call.vanish();
                call.player().forget();
                freeLine(call.origin().line());
            });
            calls.clear();
            playbacks.clear();
            bridges.clear();
            recordings.forget();
            ami.crash();
            return null;
        });
    }

    public String call(String application, String telephone, String number, PhonePeople.Answers conduct) {
        return onLoop(() -> inbound(application, telephone, number, conduct));
    }

    public PlantCounters counters() {
        return onLoop(() -> {
            long now = System.nanoTime();
            return new PlantCounters(
                    tally.originates,
                    tally.refused,
                    tally.pickedUp,
                    tally.pressed,
                    tally.messages,
                    tally.cut,
                    tally.left,
                    tally.inbound,
                    tally.inboundLost,
                    called.size(),
                    tally.again,
                    tally.noLine,
                    tally.throttled,
                    calls.size(),
                    lines.count(),
                    lines.busy(),
                    lines.mostBusy(),
                    lines.lineSeconds(now),
                    lines.seconds(now),
                    lines.callSeconds(),
                    lines.gapMillis(0.5),
                    lines.gapMillis(0.95),
                    lines.longestGapMillis(),
                    lines.perSecond(now),
                    Map.copyOf(tally.causes),
                    tally.faxes,
                    tally.faxPages,
                    tally.requests,
                    applications.size());
        });
    }

    public List<PlacedCall> placed() {
        return onLoop(() -> List.copyOf(placed));
    }

    public Map<String, Integer> severalByTelephone() {
        return onLoop(() -> {
            Map<String, Integer> several = new TreeMap<>(called);
            several.values().removeIf(times -> times < 2);
            return several;
        });
    }

    public void mark() {
        onLoop(() -> {
            lines.mark(System.nanoTime());
            tally.forget();
            return null;
        });
    }

    public void reset() {
        onLoop(() -> {
            lines.mark(System.nanoTime());
            tally.forget();
            called.clear();
            placed.clear();
            return null;
        });
    }

    private <T> T onLoop(Callable<T> work) {
        return loop.submit(work).awaitUninterruptibly().getNow();
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        manager.ifPresent(listening -> listening.close().awaitUninterruptibly());
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    // ---- applications, on the loop ----

    Applications applications() {
        return applications;
    }

    void tell(String application, String type, AriWords event) {
        if (!options.mute()) {
            applications.tell(application, type, event);
        }
    }

    // ---- calls, on the loop ----

    /** What an originate asks for. @param context of the dialplan, where it is not the application that is asked for; or null */
    record Wanted(
            String id,
            String trunk,
            String number,
            String callerName,
            String callerNumber,
            String application,
            List<String> arguments,
            String context,
            long timeout,
            Map<String, String> variables) {}

    Call originate(Wanted wanted) {
        long now = System.nanoTime();
        tally.originates++;
        lines.begun(now);
        PhonePeople.Ring ring = dial(wanted.number(), wanted.callerNumber());
        boolean throttled = throttled(now);
        int line = throttled ? -1 : lines.take(now);
        Call call = new Call(
                this,
                new Call.Origin(
                        wanted.id(),
                        sequence++,
                        wanted.trunk(),
                        false,
                        wanted.number(),
                        wanted.callerName(),
                        wanted.callerNumber(),
                        "s",
                        line,
                        clock.millis()),
                wanted.application(),
                wanted.arguments());
        calls.put(wanted.id(), call);
        // what it says comes after the answer to the request
        tally.throttled += throttled ? 1 : 0;
        tally.noLine += line < 0 && !throttled ? 1 : 0;
        loop.execute(() -> {
            if (call.over()) {
                return;
            }
            call.given(wanted.variables(), wanted.context());
            if (line < 0) {
                call.refusedByCarrier(34, 503);
            } else if (line < options.failingLines()) {
                call.refusedByCarrier(38, 500);
            } else {
                call.dialled(options.people().called(ring), wanted.timeout());
            }
        });
        return call;
    }

    PhonePeople.Ring dial(String number, String caller) {
        int nth = called.merge(number, 1, Integer::sum);
        if (nth > 1) {
            tally.again++;
        }
        return new PhonePeople.Ring(number, caller, nth);
    }

    /** @return -1 if none is free */
    int takeLine() {
        return lines.take(System.nanoTime());
    }

    /** @param line -1 for none */
    void freeLine(int line) {
        if (line >= 0) {
            lines.release(line, System.nanoTime());
        }
    }

    private boolean throttled(long now) {
        int most = options.maxPerSecond();
        if (most == 0) {
            return false;
        }
        if (now / 1_000_000_000L != second) {
            second = now / 1_000_000_000L;
            inSecond = 0;
        }
        return ++inSecond > most;
    }

    private String inbound(String application, String telephone, String number, PhonePeople.Answers conduct) {
        tally.inbound++;
        String id = clock.millis() / 1_000 + "." + (1_000_000 + sequence);
        Call call = new Call(
                this,
                new Call.Origin(id, sequence++, "carrier", true, telephone, "", telephone, number, -1, clock.millis()),
                application,
                List.of("in", number));
        calls.put(id, call);
        if (!call.arrived(conduct)) {
            tally.inboundLost++;
            calls.remove(id);
        }
        return id;
    }

    Optional<Call> call(String id) {
        return Optional.ofNullable(calls.get(id));
    }

    Iterable<Call> calls() {
        return calls.values();
    }

    int up() {
        return calls.size();
    }

    /** Told of a call by itself, once. */
    void over(Call call, int cause, int sip) {
        calls.remove(call.id(), call);
        freeLine(call.origin().line());
        if (!call.origin().inbound()) {
            tally.ended(cause);
        }
        if (options.record()) {
            placed.add(call.placed(cause, sip));
            if (placed.size() > MOST_KEPT) {
                placed.remove();
            }
        }
        call.callsBack().ifPresent(callBack -> callBack(call, callBack));
    }

    /** To the number it displayed, whoever takes calls to it now. */
    private void callBack(Call missed, CallBack callBack) {
        after(
                callBack.after().toMillis(),
                () -> inbound(
                        options.inbound().orElse(missed.application()),
                        missed.origin().telephone(),
                        missed.origin().callerNumber(),
                        callBack.conduct()));
    }

    // ---- playbacks and bridges, on the loop ----

    /** @return false if there is one of that id */
    boolean remember(Playback playback) {
        return playbacks.putIfAbsent(playback.id(), playback) == null;
    }

    void forget(Playback playback) {
        playbacks.remove(playback.id());
    }

    Optional<Playback> playback(String id) {
        return Optional.ofNullable(playbacks.get(id));
    }

    Map<String, Bridge> bridges() {
        return bridges;
    }

    // ---- time and the rest, on the loop ----

    /** After what is being done now. */
    void soon(Runnable work) {
        loop.execute(work);
    }

    Future<?> after(long millis, Runnable work) {
        return loop.schedule(work, millis, TimeUnit.MILLISECONDS);
    }

    long scaled(long millis) {
        return Math.round(millis * options.talkScale());
    }

    long millis() {
        return clock.millis();
    }

    AriWords words() {
        return words;
    }

    Tally tally() {
        return tally;
    }

    Recordings recordings() {
        return recordings;
    }

    Sounds sounds() {
        return sounds;
    }
}
