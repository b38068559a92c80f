package io.tocsin.platform.asterisk.ami;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a console tells. */
class Ear implements ConsoleListener {
    final BlockingQueue<String> link = new LinkedBlockingQueue<>();
    final BlockingQueue<AmiMessage> events = new LinkedBlockingQueue<>();

    @Override
    public void up() {
        link.add("up");
    }

    @Override
    public void down(String why) {
        link.add(why);
    }

    @Override
    public void event(AmiMessage event) {
        events.add(event);
    }

    String nextOfLink() throws InterruptedException {
        return there(link.poll(2, TimeUnit.MINUTES));
    }

    AmiMessage nextEvent() throws InterruptedException {
        return there(events.poll(2, TimeUnit.MINUTES));
    }

    private static <T> T there(T one) {
        if (one == null) {
            throw new AssertionError("nothing was heard");
        }
        return one;
    }
}
