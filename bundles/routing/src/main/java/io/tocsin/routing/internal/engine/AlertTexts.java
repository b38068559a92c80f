package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.WaveRows.Launched;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** The texts of the alerts being sent, read once: they never change after the launch. */
final class AlertTexts {
    private static final int KEPT = 256;

    private record Id(int tenantId, long alertId) {}

    private final DispatchLedger ledger;
    private final AnswerLinks links;
    private final Media media;
    private final Map<Id, AlertText> texts = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, AlertText> eldest) {
            return size() > KEPT;
        }
    };

    AlertTexts(DispatchLedger ledger, AnswerLinks links, Media media) {
        this.ledger = ledger;
        this.links = links;
        this.media = media;
    }

    /**
     * Has spoken what a micro-batch says by telephone and was not said before, several things at once, while the one before it is sent.
     * Blocks as long as that takes; what fails is told by {@link AlertText#render}.
     */
    void ahead(String channel, List<Intent> intents) throws InterruptedException {
        List<SpokenCalls.Telling> tellings = new ArrayList<>();
        for (Intent intent : intents) {
            if (!intent.answered()) {
                of(intent.target().tenantId(), intent.target().alertId())
                        .telling(channel, intent)
                        .ifPresent(tellings::add);
            }
        }
        if (!tellings.isEmpty()) {
            media.calls().ahead(tellings);
        }
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
        AlertText read = new AlertText(launched, links, media);
        synchronized (texts) {
            texts.put(id, read);
        }
        return read;
    }
}
