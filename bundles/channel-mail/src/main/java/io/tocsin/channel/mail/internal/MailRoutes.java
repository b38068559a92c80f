package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.mail.internal.MailSettings.Mailbox;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.impl.DefaultCamelContext;

/** The account's Camel routes. Endpoint addresses hold host and port only: no user, no password. */
final class MailRoutes extends RouteBuilder {
    static final String SUBMIT = "direct:submit?block=false";

    private final String account;
    private final MailEndpoint submission;
    private final MailboxEndpoint mailbox;
    private final MailboxReceiver receiver;

    private MailRoutes(String account, MailEndpoint submission, MailboxEndpoint mailbox, MailboxReceiver receiver) {
        this.account = account;
        this.submission = submission;
        this.mailbox = mailbox;
        this.receiver = receiver;
    }

    static void configure(
            CamelContext camel,
            String account,
            MailSettings settings,
            SubmissionPool pool,
            OpenSockets sockets,
            ScheduledExecutorService timer,
            ChannelEvents events,
            Consumer<ChannelHealth> mailboxHealth,
            Clock clock) {
        camel.getCamelContextExtension().setName("mail-" + account);
        camel.getExecutorServiceManager().setThreadNamePattern("mail-" + account + "-receive-#counter#");
        camel.setApplicationContextClassLoader(classes());
        camel.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        camel.getShutdownStrategy().setTimeout(1_500);
        camel.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        var component = new MailComponent(camel);
        var submission = new MailEndpoint(uri(settings.smtp(), "smtp"), component, submission(settings.smtp(), pool));
        submission.setCamelContext(camel);
        MailboxEndpoint mailbox = null;
        MailboxReceiver receiver = null;
        if (settings.mailbox().isPresent()) {
            Mailbox box = settings.mailbox().get();
            var reader = new InboundMailReader(new MessageIds(settings), clock);
            receiver = new MailboxReceiver(account, reader, events);
            mailbox = new MailboxEndpoint(
                    uri(box.server(), "imap"),
                    component,
                    box,
                    sockets,
                    box.server().session("imap", sockets, timer),
                    mailboxHealth);
            mailbox.setCamelContext(camel);
        }
        MailRoutes routes = new MailRoutes(account, submission, mailbox, receiver);
        withOwnClasses(() -> {
            try {
                camel.addRoutes(routes);
            } catch (Exception broken) { // Camel declares no less
                throw new IllegalStateException("routes of mail account " + account, broken);
            }
        });
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // the outcome is the caller's answer: nothing is retried or logged on the way
        from(SUBMIT).routeId("mail-" + account + "-submit").to(submission);
        if (mailbox != null) {
            from(mailbox).routeId("mail-" + account + "-receive").process(receiver);
        }
    }

    /** The class loader in which Camel and the mail API find their own services and handlers. */
    static ClassLoader classes() {
        return DefaultCamelContext.class.getClassLoader();
    }

    /** Runs a step with {@link #classes} as the thread's class loader: under OSGi the caller's sees neither. */
    static void withOwnClasses(Runnable step) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes());
        try {
            step.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static MailConfiguration submission(MailServer server, SubmissionPool pool) {
        var configuration = new MailConfiguration();
        configuration.configureProtocol(server.protocol("smtp"));
        configuration.setHost(server.host());
        configuration.setPort(server.port());
        configuration.setJavaMailSender(pool);
        configuration.setSession(pool.getSession());
        return configuration;
    }

    private static String uri(MailServer server, String protocol) {
        String host = server.host().contains(":") ? "[" + server.host() + "]" : server.host();
        return server.protocol(protocol) + "://" + host + ":" + server.port();
    }
}
