package io.tocsin.phone.internal;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.PersonalMessages;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** What a missed message says, and what is answered to it. */
final class Answers {
    private final Database database;
    private final Ledger ledger;
    private final PersonalMessages messages;
    private final Clock clock;

    Answers(Database database, Ledger ledger, PersonalMessages messages, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.messages = messages;
        this.clock = clock;
    }

    /** Empty: it has nothing to say by this channel. */
    Optional<Told> told(Missed missed, String channel) {
        Map<String, String> choices = database.inTenant(
                        missed.tenantId(), c -> ledger.alert(c, missed.tenantId(), missed.alertId()))
                .map(Alert::policy)
                .map(policy -> policy.choices())
                .orElse(Map.of());
        return messages.message(missed.tenantId(), missed.alertId(), missed.recipientNo(), channel)
                .map(message -> Told.of(missed.tenantId(), message, choices));
    }

    /**
     * Counts an answer.
     *
     * @param source {@code call-back}, or {@code call-back-keyed} when the number was not shown but keyed
     * @return whether it was the person's first
     */
    boolean answer(Missed missed, String choice, String channel, String source) {
        return database.inTenant(
                missed.tenantId(),
                c -> ledger.answer(
                        c,
                        missed.tenantId(),
                        missed.alertId(),
                        missed.recipientNo(),
                        choice,
                        channel,
                        source,
                        clock.instant()));
    }
}
