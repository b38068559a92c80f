package io.tocsin.channel.mail.internal;

import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the parts of one open account share.
 *
 * @param id the account's id, fit for logs and names
 * @param settings its settings, checked
 * @param sockets every socket it opens
 * @param timer schedules probes and watches writes; never runs what blocks for long, but for one probe at a time
 * @param classes the class loader its threads show
 * @param clock the time
 */
record MailAccount(
        String id,
        MailSettings settings,
        OpenSockets sockets,
        ScheduledExecutorService timer,
        MailClasses classes,
        Clock clock) {}
