package io.tocsin.channel.sms.internal;

import io.tocsin.channel.testkit.TalkingPeer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.PDUStringException;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.session.BindRequest;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.ServerMessageReceiverListener;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.session.connection.Connection;
import org.jsmpp.session.connection.socket.ServerSocketConnection;
import org.jsmpp.util.MessageId;

/** The carrier's side of the contract: jSMPP's own server sessions, answering as told. */
final class JsmppPeer implements TalkingPeer {
    private static final String PASSWORD = "S3cr3t!x";
    private static final int INVALID_DESTINATION = 0x0b;
    private static final int INVALID_PASSWORD = 0x0e;
    private static final int THROTTLED = 0x58;
    private static final int THREADS = 20;

    private final ServerSocket socket = new ServerSocket();
    private final Set<SMPPServerSession> sessions = ConcurrentHashMap.newKeySet();
    private final List<String> accepted = new ArrayList<>();
    private Answer answer = Answer.ACCEPT;
    private int read;
    private int lastId;
    private boolean closed;

    JsmppPeer() throws IOException {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::listen);
    }

    @Override
    public Map<String, String> settings() {
        return new HashMap<>(Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(socket.getLocalPort()),
                "system-id", "contract",
                "password", PASSWORD,
                "window", "8",
                "transmit-binds", "2",
                "sender", "38000",
                "response-timeout", "5s",
                "reconnect-delay", "50ms"));
    }

    @Override
    public List<String> secretSettings() {
        return List.of("password");
    }

    @Override
    public synchronized void answer(Answer next) {
        answer = next;
        notifyAll();
    }

    @Override
    public synchronized List<String> accepted() {
        return List.copyOf(accepted);
    }

    @Override
    public synchronized int read() {
        return read;
    }

    /** SMPP has no room for headers of a sender's. */
    @Override
    public void say(String from, String text, Map<String, String> headers) {
        SMPPServerSession receiving = sessions.stream()
                .filter(session -> session.getSessionState().isReceivable())
                .findFirst()
                .orElseThrow();
        try {
            receiving.deliverShortMessage(
                    "",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    from.substring(1),
                    TypeOfNumber.NETWORK_SPECIFIC,
                    NumberingPlanIndicator.UNKNOWN,
                    "38000",
                    new ESMClass(),
                    (byte) 0,
                    (byte) 0,
                    new RegisteredDelivery(),
                    DataCodings.ZERO,
                    text.getBytes(StandardCharsets.US_ASCII));
        } catch (PDUException
                | ResponseTimeoutException
                | InvalidResponseException
                | NegativeResponseException
                | IOException e) {
            throw new IllegalStateException("the channel did not take the message", e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        sessions.forEach(SMPPServerSession::close);
    }

    private void listen() {
        ServerSocketConnection listener = new ServerSocketConnection(socket);
        while (!socket.isClosed()) {
            try {
                Connection connection = listener.accept();
                start(() -> serve(connection));
            } catch (IOException e) {
                // closed: the loop ends
            }
        }
    }

    private void serve(Connection connection) {
        SMPPServerSession session = new SMPPServerSession(connection, null, listener(), null, THREADS, 100);
        sessions.add(session);
        try {
            BindRequest bind = session.waitForBind(10_000);
            if (PASSWORD.equals(bind.getPassword())) {
                bind.accept("peer");
            } else {
                bind.reject(INVALID_PASSWORD);
            }
        } catch (TimeoutException | IOException | PDUStringException | IllegalStateException e) {
            session.close();
        }
    }

    private ServerMessageReceiverListener listener() {
        return (ServerMessageReceiverListener) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServerMessageReceiverListener.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "onAcceptSubmitSm" -> submit((SubmitSm) arguments[0], (SMPPServerSession) arguments[1]);
                    case "onAcceptEnquireLink" -> null;
                    default -> throw new ProcessRequestException("not in this test", 0x03);
                });
    }

    private SubmitSmResult submit(SubmitSm submit, SMPPServerSession session) throws Exception {
        Answer given;
        synchronized (this) {
            read++;
            while (answer == Answer.STALL && !closed) {
                wait();
            }
            given = answer;
            if (given == Answer.ACCEPT) {
                accepted.add("+" + submit.getDestAddress());
                lastId++;
                return new SubmitSmResult(new MessageId(Integer.toString(lastId)), new OptionalParameter[0]);
            }
        }
        switch (given) {
            case THROTTLE -> throw new ProcessRequestException("throttled", THROTTLED);
            case REFUSE_ADDRESS -> throw new ProcessRequestException("no such number", INVALID_DESTINATION);
            default -> {
                session.close();
                throw new ProcessRequestException("dropped", 0xff);
            }
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "jsmpp-peer");
        thread.setDaemon(true);
        thread.start();
    }
}
