package io.tocsin.platform.asterisk.ari;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a switch's listener was told, in order: {@code up}, {@code down}, {@code arrived}, {@code event}. */
final class Heard implements SwitchListener {
    final BlockingQueue<String> news = new LinkedBlockingQueue<>();
    final List<String> reasons = new CopyOnWriteArrayList<>();
    final BlockingQueue<AriEvent> events = new LinkedBlockingQueue<>();

    @Override
    public void up() {
        news.add("up");
    }

    @Override
    public void down(String why) {
        reasons.add(why);
        news.add("down");
    }

    @Override
    public void arrived(AriEvent.StasisStart start) {
        events.add(start);
    }

    @Override
    public void event(AriEvent event) {
        events.add(event);
    }

    String next() throws InterruptedException {
        return news.poll(2, TimeUnit.MINUTES);
    }

    AriEvent nextEvent() throws InterruptedException {
        return events.poll(2, TimeUnit.MINUTES);
    }

    String lastReason() {
        return reasons.get(reasons.size() - 1);
    }
}
