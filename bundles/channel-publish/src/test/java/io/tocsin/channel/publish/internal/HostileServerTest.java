package io.tocsin.channel.publish.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are slow, broken or mean: each post ends once, in the outcome that is true. */
class HostileServerTest {
    private static final String HANDLE = "@alertes@127.0.0.1";

    @TempDir
    private Path folder;

    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private ServerSocket server;
    private Account account;

    /** What it does with a post that came whole. */
    private interface Conduct {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private void open(Conduct conduct, Map<String, String> more) throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        run(() -> {
            while (true) {
                Socket connection = server.accept();
                connections.add(connection);
                run(() -> serve(connection, conduct));
            }
        });
        Map<String, String> settings = new HashMap<>(Map.of(
                "pages", "",
                "mastodon", HANDLE,
                "mastodon-token", "Sesame",
                "mastodon-url", "http://127.0.0.1:" + server.getLocalPort(),
                "network", "node"));
        settings.putAll(more);
        account = new Account(folder, Clock.systemUTC(), settings);
    }

    private interface Task {
        void run() throws Exception;
    }

    private void run(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (Exception gone) {
                        Thread.currentThread().interrupt(); // hung up on, or over
                    }
                },
                "hostile-server");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private static void serve(Socket connection, Conduct conduct) throws IOException, InterruptedException {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int one = in.read();
                if (one < 0) {
                    return;
                }
                head.append((char) one);
            }
            OutputStream out = connection.getOutputStream();
            if (head.indexOf("GET ") == 0) {
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            in.readNBytes(
                    Integer.parseInt(head.toString().replaceAll("(?is).*\r\ncontent-length: *(\\d+)\r\n.*", "$1")));
            conduct.answer(out);
        }
    }

    private static Conduct saying(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private SendOutcome send() throws Exception {
        return account.send(Messages.alert("1.a.1.0", HANDLE, "", "Montez."));
    }

    @AfterEach
    void stop() throws Exception {
        over.countDown();
        account.close();
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }
    }

    @Test
    void oneThatNeverAnswersLeavesItInDoubt() throws Exception {
        open(out -> over.await(2, TimeUnit.MINUTES), Map.of("response-timeout", "200ms"));
        assertThat(send()).isEqualTo(new InDoubt("response-timeout"));
    }

    @Test
    void oneThatAnswersByDropsIsWaitedForNoLonger() throws Exception {
        open(
                out -> {
                    for (int i = 0; i < 1_000_000 && !over.await(5, TimeUnit.MILLISECONDS); i++) {
                        out.write('H');
                        out.flush();
                    }
                },
                Map.of("response-timeout", "300ms"));
        assertThat(send()).isInstanceOf(InDoubt.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage without end",
                "\u0001\u0002\u0003\r\n\r\n",
                "HTTP/1.1 two hundred OK\r\n\r\n",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                ""
            })
    void garbageLeavesItInDoubt(String said) throws Exception {
        open(saying(said), Map.of());
        SendOutcome outcome = send();
        assertThat(outcome).isInstanceOf(InDoubt.class);
        assertThat(((InDoubt) outcome).code()).matches("connection-lost|response-unreadable");
    }

    @Test
    void headersWithoutEndLeaveItInDoubt() throws Exception {
        open(
                out -> {
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(("X-More: " + "m".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    }
                },
                Map.of());
        assertThat(send()).isEqualTo(new InDoubt("response-unreadable"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\": \"7\"",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{\"id\": \"7\"}",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{\"id\": \"7\"}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n{",
                "HTTP/1.1 200 OK\r\n\r\n<html>",
                "HTTP/1.1 200 OK\r\n\r\n{\"id\": \"../../1 2\"}",
                "HTTP/1.1 200 OK\r\n\r\n[]"
            })
    void whatIsTakenIsTakenWhateverIsSaidBesides(String said) throws Exception {
        open(saying(said), Map.of());
        assertThat(send()).isEqualTo(new Accepted("1.a.1.0"));
    }

    @Test
    void aBodyWithoutEndIsNotRead() throws Exception {
        open(
                out -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\n\r\n{\"id\": \"7\", \"more\": \"".getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(new byte[65536]);
                    }
                },
                Map.of());
        assertThat(send()).isEqualTo(new Accepted("1.a.1.0"));
    }

    @Test
    void aServerThatDoesNotSpeakTlsIsNotWrittenTo() throws Exception {
        open(saying(""), Map.of());
        int port = server.getLocalPort();
        account.close();
        account = new Account(
                folder,
                Clock.systemUTC(),
                Map.of(
                        "pages", "",
                        "mastodon", HANDLE,
                        "mastodon-token", "Sesame",
                        "mastodon-url", "https://127.0.0.1:" + port,
                        "connect-timeout", "300ms",
                        "network", "node"));
        assertThat(send()).isInstanceOf(Retry.class);
        assertThat(((Retry) send()).code()).matches("tls-failed|connect-timeout");
    }

    @Test
    void anAddressWithoutAnAccountIsRefused() throws Exception {
        open(saying(""), Map.of());
        assertThat(account.send(Messages.alert("1.a.1.0", "@other@127.0.0.1", "", "Montez.")))
                .isEqualTo(new Rejected("outlet-unknown", Fault.ADDRESS));
    }
}
