package io.tocsin.phone.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.IncomingCalls;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.PersonalMessages;
import io.tocsin.speech.api.Recording;
import io.tocsin.speech.api.Speech;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.Tenancy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes calls to the numbers of accounts: nothing but the switch and the node is needed. */
@Component(service = IncomingCalls.class, configurationPid = PhoneSettings.PID)
@Designate(ocd = PhoneSettings.class)
public final class PhoneDoor implements IncomingCalls {
    private static final Logger LOG = LoggerFactory.getLogger(PhoneDoor.class);

    private final Calls calls;

    @Activate
    public PhoneDoor(
            PhoneSettings settings,
            BundleContext bundle,
            @Reference Database database,
            @Reference Ledger ledger,
            @Reference PersonalMessages messages,
            @Reference Alerts alerts,
            @Reference ScenarioNumbers numbers,
            @Reference Recordings recordings,
            @Reference Lexicons lexicons,
            @Reference Tenancy tenancy,
            @Reference PhoneLogins logins,
            @Reference Speech speech,
            @Reference Recording recording) {
        Clock clock = Clock.systemUTC();
        Path takes = bundle.getDataFile("takes").toPath();
        Conversations conversations = new Conversations(
                settings,
                clock,
                new MissedCalls(database, clock),
                new Answers(database, ledger, messages, clock),
                alerts,
                numbers,
                new Launches(database),
                tenancy,
                logins,
                new Takes(recording, takes),
                new Slots(recordings));
        Voice voice = new Voice(speech, tenantId -> lexicons.current(tenantId).lexicon());
        calls = new Calls(settings, voice, conversations, clock);
        calls.start();
        LOG.info("phone.open activator-numbers={}", settings.activatorNumbers().length);
    }

    @Override
    public CompletionStage<Dialogue> called(Line line, InboundCall call) {
        try {
            return CompletableFuture.completedFuture(calls.take(new Caller(line, call)));
        } catch (IllegalStateException declined) {
            return CompletableFuture.failedFuture(declined);
        }
    }

    @Deactivate
    void close() {
        calls.close();
    }
}
