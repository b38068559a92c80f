package io.tocsin.peers.sites;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A wire with faults: passes TCP connections on, as late as it is told, and falls silent without closing them. What comes while it
 * is silent is passed on when it speaks again. For kernels without netem. Each chunk waits by itself, so a delay slows a bulk down
 * as a narrow line does.
 */
public final class Relay implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    private final ServerSocket door;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition speaks = lock.newCondition();
    private boolean silent;
    private volatile Duration delay = Duration.ZERO;

    private Relay(ServerSocket door, InetSocketAddress target) {
        this.door = door;
        this.target = target;
    }

    /** Listens on a free port of an address of this machine. */
    public static Relay open(String address, InetSocketAddress target) throws IOException {
        Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getByName(address)), target);
        thread("relay-door", relay::accept);
        return relay;
    }

    public int port() {
        return door.getLocalPort();
    }

    /** How much later each piece arrives, either way. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Nothing arrives any more, and nobody is told. */
    public void fallSilent() {
        silent(true);
    }

    public void speakAgain() {
        silent(false);
    }

    private void silent(boolean value) {
        lock.lock();
        try {
            silent = value;
            speaks.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                Socket far = new Socket();
                sockets.add(near);
                sockets.add(far);
                far.connect(target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                thread("relay-out", () -> pass(near, far));
                thread("relay-back", () -> pass(far, near));
            } catch (IOException e) {
                // Closed, or nobody is behind it: who connected sees the connection end.
                closeSockets(door.isClosed());
            }
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                LockSupport.parkNanos(delay.toNanos());
                awaitSpeech();
                out.write(chunk, 0, n);
            }
        } catch (IOException e) {
            // One end is gone: so is the other, now.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitSpeech() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (silent && !door.isClosed()) {
                speaks.await(1, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeSockets(boolean all) {
        for (Socket each : sockets) {
            if (all || !each.isConnected()) {
                try {
                    each.close();
                } catch (IOException e) {
                    // Gone already.
                }
                sockets.remove(each);
            }
        }
    }

    private static void thread(String name, Runnable run) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        speakAgain();
        closeSockets(true);
    }
}
