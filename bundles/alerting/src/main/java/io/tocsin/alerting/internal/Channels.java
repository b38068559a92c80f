package io.tocsin.alerting.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which kinds of endpoint each channel reaches, and which only publish, as the ledger knows it: what providers last said, so that a
 * provider which is being swapped does not change who counts as reachable.
 */
final class Channels {
    private static final Set<String> TAKING_REPLIES = Set.of("sms", "mail", "voice");

    private final Map<String, Set<String>> endpointKinds;
    private final Set<String> publishing;

    private Channels(Map<String, Set<String>> endpointKinds, Set<String> publishing) {
        this.endpointKinds = endpointKinds;
        this.publishing = publishing;
    }

    static Channels read(Connection connection) throws SQLException {
        Map<String, Set<String>> kinds = new TreeMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("select channel, kind from channel_endpoint_kind");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                kinds.computeIfAbsent(row.getString(1), channel -> new HashSet<>())
                        .add(row.getString(2));
            }
        }
        Set<String> publishing = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement("select channel from channel_publishes");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                publishing.add(row.getString(1));
            }
        }
        return new Channels(kinds, publishing);
    }

    /** Whether what it sends reaches nobody by name. */
    boolean publishes(String channel) {
        return publishing.contains(channel);
    }

    boolean known(String channel) {
        return endpointKinds.containsKey(channel);
    }

    Set<String> endpointKinds(String channel) {
        return endpointKinds.getOrDefault(channel, Set.of());
    }

    Set<String> types() {
        return endpointKinds.keySet();
    }

    /** Whether people can answer on the channel itself: by a reply, or a key pressed. */
    static boolean takesReplies(String channel) {
        return TAKING_REPLIES.contains(channel);
    }
}
