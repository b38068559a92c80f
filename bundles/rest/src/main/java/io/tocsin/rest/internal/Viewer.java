package io.tocsin.rest.internal;

import io.tocsin.rest.internal.Admission.Decision;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One browser watching one alert. Never blocks its sender: a viewer too slow for an event gets the next one instead.
 */
final class Viewer implements AsyncListener, WriteListener {
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Supplier<Decision> admission;
    private final Consumer<Viewer> gone;
    private final AtomicBoolean over = new AtomicBoolean();
    private String pending;
    private boolean last;
    private long checkedAt = System.nanoTime();

    /** @param admission whether this viewer may still look */
    Viewer(AsyncContext async, Supplier<Decision> admission, Consumer<Viewer> gone) throws IOException {
        this.async = async;
        this.admission = admission;
        this.out = async.getResponse().getOutputStream();
        this.gone = gone;
    }

    void open() {
        async.addListener(this);
        out.setWriteListener(this);
    }

    boolean checkIsDue(Duration between) {
        return System.nanoTime() - checkedAt >= between.toNanos();
    }

    Decision check() {
        checkedAt = System.nanoTime();
        return admission.get();
    }

    synchronized void send(String event, boolean end) {
        if (last) {
            return; // what ended it is not overwritten by a later look
        }
        pending = event;
        last = end;
        write();
    }

    @Override
    public synchronized void onWritePossible() {
        write();
    }

    private void write() {
        if (over.get()) {
            return;
        }
        try {
            if (pending != null && out.isReady()) {
                byte[] bytes = pending.getBytes(StandardCharsets.UTF_8);
                pending = null;
                out.write(bytes);
                if (out.isReady()) {
                    out.flush();
                }
            }
            if (last && pending == null && out.isReady()) {
                close();
            }
        } catch (IOException | IllegalStateException left) {
            close();
        }
    }

    void close() {
        if (over.compareAndSet(false, true)) {
            gone.accept(this);
            async.complete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        over.set(true);
        gone.accept(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // this request never starts a second asynchronous cycle
    }
}
