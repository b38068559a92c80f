package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.routing.api.Ledger.WaveProgress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The channel types a tenant is limited to; none: all there are. Dispatch keeps to it by itself; here people are told before
 * they rely on a channel that will not carry their messages.
 */
public record ChannelLimit(List<String> channels) {

    public ChannelLimit {
        channels = List.copyOf(channels);
    }

    public static ChannelLimit of(Collection<String> channels) {
        return new ChannelLimit(List.copyOf(new TreeSet<>(channels)));
    }

    static ChannelLimit read(Connection connection, int tenantId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select channels from tenant where tenant_id = ?")) {
            statement.setInt(1, tenantId);
            try (ResultSet row = statement.executeQuery()) {
                return new ChannelLimit(
                        row.next() ? List.of((String[]) row.getArray(1).getArray()) : List.of());
            }
        }
    }

    Optional<Problem> problem(String field, String channel) {
        return channels.isEmpty() || channels.contains(channel)
                ? Optional.empty()
                : Optional.of(new Problem(
                        field,
                        "\"" + channel + "\" is none of the channels this tenant is limited to, " + channels
                                + "; write one of these, or let its agency add it to the tenant's channels"));
    }

    /** Every place where a scenario names a channel that is out of bounds. */
    public List<Problem> problems(Scenario scenario) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < scenario.cascade().size(); i++) {
            problem("cascade[" + i + "].channel", scenario.cascade().get(i).channel())
                    .ifPresent(problems::add);
        }
        scenario.messages().forEach((language, messages) -> messages.keySet().stream()
                .sorted()
                .forEach(channel ->
                        problem("messages." + language + "." + channel, channel).ifPresent(problems::add)));
        return problems;
    }

    /** What waits because the limit came after the launch. */
    List<Problem> held(List<WaveProgress> waves) {
        List<Problem> held = new ArrayList<>();
        for (WaveProgress wave : waves) {
            if (!wave.closed() && problem("", wave.channel()).isPresent()) {
                held.add(new Problem(
                        "waves[" + wave.waveNo() + "].channel",
                        "what has not left by " + wave.channel() + " waits: the tenant is limited to " + channels
                                + "; let its agency add " + wave.channel() + " to the tenant's channels before "
                                + wave.deadline() + ", when this wave is over"));
            }
        }
        return held;
    }
}
