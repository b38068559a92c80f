package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.ClusterStatus.Node;
import io.tocsin.cluster.internal.Wire.FactsRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every node: those the database knows, with what the members of the cluster say of themselves. */
final class Roll {
    private final Joining joining;
    private final NodeTable table;

    Roll(Joining joining, NodeTable table) {
        this.joining = joining;
        this.table = table;
    }

    /**
     * By name; waits for the database.
     *
     * @param own what this node says of itself
     * @param address where its cluster listens; empty: nowhere
     */
    List<Node> nodes(FactsRecord own, String address) {
        Optional<Membership> in = joining.membership();
        Map<String, FactsRecord> said = new HashMap<>();
        Map<String, Endpoint> where = new HashMap<>();
        in.ifPresent(membership -> membership.facts().forEach((endpoint, facts) -> {
            said.put(facts.node(), facts);
            where.put(facts.node(), endpoint);
        }));
        said.put(own.node(), own);
        where.remove(own.node());
        Map<String, NodeTable.Row> rows =
                table.all().orElse(List.of()).stream().collect(Collectors.toMap(NodeTable.Row::name, row -> row));
        return Stream.concat(rows.keySet().stream(), said.keySet().stream())
                .distinct()
                .sorted()
                .map(name -> name.equals(own.node())
                        ? here(own, address, rows.get(name), in)
                        : other(name, rows.get(name), said.get(name), where.get(name), in))
                .toList();
    }

    private static Node here(FactsRecord own, String address, NodeTable.Row row, Optional<Membership> in) {
        return new Node(
                own.node(),
                own.site(),
                address,
                own.version(),
                row != null ? row.incarnation() : own.incarnation(),
                true,
                true,
                in.isPresent(),
                in.filter(membership ->
                                membership.leader().equals(membership.place().own()))
                        .isPresent(),
                Optional.ofNullable(row).map(NodeTable.Row::startedAt),
                Optional.ofNullable(row).map(NodeTable.Row::heartbeat),
                Optional.of(own.facts()));
    }

    /** @param row null: the database does not know it, or cannot be asked; @param facts null, with {@code where}: it is no member */
    private static Node other(
            String name, NodeTable.Row row, FactsRecord facts, Endpoint where, Optional<Membership> in) {
        return new Node(
                name,
                facts != null ? facts.site() : row.site(),
                where != null ? where.toString() : row.address(),
                facts != null ? facts.version() : row.version(),
                row != null ? row.incarnation() : facts.incarnation(),
                false,
                where != null || row.alive(),
                where != null,
                in.filter(membership -> membership.leader().equals(where)).isPresent(),
                Optional.ofNullable(row).map(NodeTable.Row::startedAt),
                Optional.ofNullable(row).map(NodeTable.Row::heartbeat),
                Optional.ofNullable(facts).map(FactsRecord::facts));
    }
}
