package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.internal.engine.WaveRows.Launched;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/** The texts of the alerts being sent, read once: they never change after the launch. */
final class AlertTexts {
    private static final int KEPT = 256;

    private record Id(int tenantId, long alertId) {}

    private final DispatchLedger ledger;
    private final AnswerLinks links;
    private final Map<Id, AlertText> texts = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, AlertText> eldest) {
            return size() > KEPT;
        }
    };

    AlertTexts(DispatchLedger ledger, AnswerLinks links) {
        this.ledger = ledger;
        this.links = links;
    }

    AlertText of(int tenantId, long alertId) {
        Id id = new Id(tenantId, alertId);
        synchronized (texts) {
            AlertText known = texts.get(id);
            if (known != null) {
                return known;
            }
        }
        Launched launched = ledger.transact(t -> t.waves().launched(tenantId, alertId))
                .orElseThrow(() -> new NoSuchElementException("no alert " + alertId));
        AlertText read = new AlertText(launched.alert(), launched.tenantLanguage(), launched.messages(), links);
        synchronized (texts) {
            texts.put(id, read);
        }
        return read;
    }
}
