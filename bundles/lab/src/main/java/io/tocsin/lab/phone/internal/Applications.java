package io.tocsin.lab.phone.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which connection has which application: the newest. On the loop only. */
final class Applications {
    private final AriWords words;
    private final Map<String, AriSession> sessions = new HashMap<>();

    Applications(AriWords words) {
        this.words = words;
    }

    /** Whoever had it is told, and hears no more. */
    void register(String application, AriSession session) {
        AriSession before = sessions.put(application, session);
        if (before != null && before != session) {
            before.tell(
                    "ApplicationReplaced", words.event("ApplicationReplaced").of(application));
        }
    }

    void unregister(AriSession session) {
        sessions.values().removeIf(one -> one == session);
    }

    boolean connected(String application) {
        return sessions.containsKey(application);
    }

    Set<String> names() {
        return sessions.keySet();
    }

    Optional<AriSession> session(String application) {
        return Optional.ofNullable(sessions.get(application));
    }

    int size() {
        return sessions.size();
    }

    void clear() {
        sessions.clear();
    }

    /** To whoever has the application; to nobody, if nobody has. */
    void tell(String application, String type, AriWords event) {
        AriSession session = sessions.get(application);
        if (session != null) {
            session.tell(type, event.of(application));
        }
    }
}
