package io.tocsin.directory.internal.lists;

import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.directory.api.ContactLists.HeadCount;
import io.tocsin.directory.internal.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The people of some lists, resolved by the database in one statement: one common table expression a list, so that a
 * list used by several others is read once. They land in a temporary table of the transaction, {@code audience}: with
 * its statistics the planner joins a million people as well as ten.
 */
final class Audience {
    private static final String FREEZE =
            """
            insert into recipient (tenant_id, alert_id, recipient_no, contact_id, name, language, variables, endpoints)
            select c.tenant_id, ?, row_number() over (order by c.contact_id), c.contact_id,
                trim(c.first_name || ' ' || c.last_name), c.language,
                c.frozen, c.reach
            from audience a
            join contact c on c.tenant_id = ? and c.contact_id = a.contact_id
            """;

    private static final String KINDS =
            """
            select kind, count(*) from (
                select distinct e.contact_id, e.kind from audience a
                join endpoint e on e.tenant_id = ? and e.contact_id = a.contact_id) reachable
            group by kind order by kind
            """;

    private static final String WITHOUT_PLACE =
            "select count(*) from contact where tenant_id = ? and state = 'active' and latitude is null";

    private final Connection connection;
    private final int tenantId;
    private final boolean byArea;

    /** @param byArea whether it matters to it where people live */
    private Audience(Connection connection, int tenantId, boolean byArea) {
        this.connection = connection;
        this.tenantId = tenantId;
        this.byArea = byArea;
    }

    /** One person, or nobody. */
    static Audience of(Connection connection, int tenantId, long contactId) throws SQLException {
        Sql.update(connection, "drop table if exists pg_temp.audience");
        Sql.update(
                connection,
                "create temp table audience on commit drop as"
                        + " select contact_id from contact where tenant_id = ? and contact_id = ? and state = 'active'",
                tenantId,
                contactId);
        return new Audience(connection, tenantId, false);
    }

    /** @param lists in order, each after what it stands on; @param wanted slugs of those whose people are meant */
    static Audience resolve(
            Connection connection,
            int tenantId,
            Map<String, Integer> listIds,
            List<ContactList> lists,
            Set<String> wanted)
            throws SQLException {
        List<Object> parameters = new ArrayList<>();
        String members = lists.stream()
                .map(list -> "list_" + listIds.get(list.slug()) + " as materialized ("
                        + people(list, tenantId, listIds, parameters) + ")")
                .collect(Collectors.joining(",\n"));
        String all = wanted.stream()
                .map(slug -> "select contact_id from list_" + listIds.get(slug))
                .collect(Collectors.joining(" union "));
        String active = "\nselect c.contact_id from contact c join (" + all
                + ") a on a.contact_id = c.contact_id where c.tenant_id = ? and c.state = 'active'";
        boolean activeAlready = wanted.size() == 1 && lists.size() == 1 && isRule(lists.get(0));
        if (!activeAlready) {
            parameters.add(tenantId);
        }
        String sql =
                "create temp table audience on commit drop as with " + members + (activeAlready ? "\n" + all : active);
        Sql.update(connection, "drop table if exists pg_temp.audience");
        Sql.update(connection, sql, parameters.toArray());
        Sql.update(connection, "analyze audience");
        return new Audience(connection, tenantId, lists.stream().anyMatch(list -> list.area()
                .isPresent()));
    }

    /** Whether it says who is in it by what active contacts are. */
    private static boolean isRule(ContactList list) {
        return list.kind().equals("tags") || list.kind().equals("area");
    }

    private static String people(
            ContactList list, int tenantId, Map<String, Integer> listIds, List<Object> parameters) {
        return switch (list.kind()) {
            case "static" -> {
                parameters.add(tenantId);
                parameters.add(listIds.get(list.slug()));
                yield "select contact_id from list_member where tenant_id = ? and list_id = ?";
            }
            case "tags" -> tagged(list, tenantId, parameters);
            case "area" ->
                tagged(list, tenantId, parameters)
                        + AreaRule.condition(list.area().orElseThrow(), parameters);
            case "nested" -> {
                String without = list.excludes().isEmpty() ? "" : " except (" + union(list.excludes(), listIds) + ")";
                yield "(" + union(list.includes(), listIds) + ")" + without;
            }
            default -> throw new IllegalStateException("a list of kind " + list.kind());
        };
    }

    private static String tagged(ContactList list, int tenantId, List<Object> parameters) {
        StringBuilder sql =
                new StringBuilder("select contact_id from contact where tenant_id = ? and state = 'active'");
        parameters.add(tenantId);
        if (!list.allTags().isEmpty()) {
            sql.append(" and tags @> ?::text[]");
            parameters.add(list.allTags().toArray(String[]::new));
        }
        if (!list.anyTags().isEmpty()) {
            sql.append(" and tags && ?::text[]");
            parameters.add(list.anyTags().toArray(String[]::new));
        }
        if (!list.noneTags().isEmpty()) {
            sql.append(" and not tags && ?::text[]");
            parameters.add(list.noneTags().toArray(String[]::new));
        }
        return sql.toString();
    }

    private static String union(List<String> slugs, Map<String, Integer> listIds) {
        return slugs.stream()
                .map(slug -> "select contact_id from list_" + listIds.get(slug))
                .collect(Collectors.joining(" union "));
    }

    HeadCount count() throws SQLException {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        Sql.query(connection, KINDS, row -> kinds.put(row.getString(1), row.getInt(2)), tenantId);
        return new HeadCount(
                people(), kinds, byArea ? Optional.of(withoutPlace(connection, tenantId)) : Optional.empty());
    }

    int people() throws SQLException {
        return Sql.one(connection, "select count(*) from audience", row -> row.getInt(1))
                .orElseThrow();
    }

    static int withoutPlace(Connection connection, int tenantId) throws SQLException {
        return Sql.one(connection, WITHOUT_PLACE, row -> row.getInt(1), tenantId)
                .orElseThrow();
    }

    int freeze(long alertId) throws SQLException {
        return Sql.update(connection, FREEZE, alertId, tenantId);
    }
}
