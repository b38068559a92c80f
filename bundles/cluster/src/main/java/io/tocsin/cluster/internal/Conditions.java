package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.Condition;
import io.tocsin.cluster.api.Condition.Code;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is not as it should be, since when; says in the log when something begins and ends. */
final class Conditions {
    private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);

    private final Clock clock;
    private volatile List<Condition> present = List.of();

    Conditions(Clock clock) {
        this.clock = clock;
    }

    List<Condition> present() {
        return present;
    }

    /** @param found what is there now, and its detail */
    synchronized void found(Map<Code, String> found) {
        Map<Code, Condition> before = new EnumMap<>(Code.class);
        present.forEach(condition -> before.put(condition.code(), condition));
        Map<Code, Condition> now = new EnumMap<>(Code.class);
        found.forEach((code, detail) -> {
            Condition known = before.remove(code);
            if (known == null) {
                LOG.warn("condition.began code={} detail=\"{}\"", code.word(), detail);
            }
            now.put(code, new Condition(code, known == null ? clock.instant() : known.since(), detail));
        });
        before.keySet().forEach(code -> LOG.info("condition.ended code={}", code.word()));
        present = List.copyOf(now.values());
    }
}
