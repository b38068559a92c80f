package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.mail.internal.MailSettings.Mailbox;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;

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

    /** Names the context after the account and gives it its routes. */
    static void configure(
            CamelContext camel,
            MailAccount account,
            SubmissionPool pool,
            ChannelEvents events,
            Consumer<ChannelHealth> mailboxHealth) {
        camel.getCamelContextExtension().setName("mail-" + account.id());
        camel.getExecutorServiceManager().setThreadNamePattern("mail-" + account.id() + "-receive-#counter#");
        camel.setApplicationContextClassLoader(account.classes());
        camel.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        camel.getShutdownStrategy().setTimeout(1_500);
        camel.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        var component = new MailComponent(camel);
        MailServer smtp = account.settings().smtp();
        var submission = new MailEndpoint(uri(smtp, "smtp"), component, submission(smtp, pool));
        submission.setCamelContext(camel);
        MailboxEndpoint mailbox = null;
        MailboxReceiver receiver = null;
        if (account.settings().mailbox().isPresent()) {
            Mailbox box = account.settings().mailbox().get();
            var reader = new InboundMailReader(new MessageIds(account.settings()), account.clock());
            receiver = new MailboxReceiver(account.id(), reader, events);
            mailbox = new MailboxEndpoint(uri(box.server(), "imap"), component, account, box, mailboxHealth);
            mailbox.setCamelContext(camel);
        }
        MailRoutes routes = new MailRoutes(account.id(), submission, mailbox, receiver);
        account.classes().during(() -> {
            try {
                camel.addRoutes(routes);
            } catch (Exception broken) { // Camel declares no less
                throw new IllegalStateException("routes of mail account " + account.id(), broken);
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
