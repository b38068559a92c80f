package io.tocsin.lab.mail.internal;

import java.util.concurrent.atomic.LongAdder;

/** What the SMTP side counts, over all connections. */
record SmtpCounts(LongAdder connections, LongAdder refused, LongAdder dropped) {

    SmtpCounts() {
        this(new LongAdder(), new LongAdder(), new LongAdder());
    }

    void reset() {
        connections.reset();
        refused.reset();
        dropped.reset();
    }
}
