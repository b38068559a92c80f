package io.tocsin.directory.internal.imports;

import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.Sql;
import io.tocsin.directory.internal.imports.Field.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Compares the staged rows with the directory, set by set: what is new, changed, the same, or gone. {@link #plan}
 * decides and changes nothing; {@link #apply} does what was decided, keeping what was before.
 *
 * <p>A contact is its external id. Of a contact that exists, a file replaces what it has columns for and the endpoints
 * that came from the same source; endpoints of other origins stay, behind the file's own.
 */
final class Merge {
    static final int DEFAULT_MAX_REMOVED_PERCENT = 50;
    private static final int ALWAYS_REMOVABLE = 9;

    /** Later rows with an external id that an earlier row has. */
    private static final String REJECT_DUPLICATES =
            """
            delete from staged s
            using (select external_id, min(row_number) as first_row from staged group by external_id having count(*) > 1) d
            where s.external_id = d.external_id and s.row_number > d.first_row
            returning s.row_number, d.first_row, s.external_id
            """;

    /** Mobiles and mailboxes that two people of different households give: right for some, a slip for others. */
    private static final String SHARED_ADDRESSES =
            """
            with given as (
                select s.row_number, s.household, x.e ->> 'kind' as kind, x.e ->> 'address' as address
                from staged s, jsonb_array_elements(s.endpoints) as x(e)
                where x.e ->> 'kind' in ('mobile', 'email')),
            grouped as (
                select row_number, household, kind, address,
                    first_value(row_number) over same as first_row, first_value(household) over same as first_household
                from given window same as (partition by kind, address order by row_number))
            select row_number, kind, address, first_row from grouped
            where row_number <> first_row and (household = '' or household <> first_household)
            order by row_number limit ?
            """;

    /** Whoever edits one of these people meanwhile waits, so that nothing read here is stale when it is written. */
    private static final String LOCK =
            """
            with mine as materialized (
                select c.contact_id from contact c
                where c.tenant_id = ?
                    and (c.external_id in (select external_id from staged) or ? and c.origin = ? and c.state = 'active')
                order by c.contact_id
                for update)
            select count(*) from mine
            """;

    private static final String PLAN =
            """
            create temp table planned on commit drop as
            select s.external_id, c.contact_id,
                case when c.contact_id is null then 'add'
                     when a.contact_id is null then 'restore'
                     when (a.first_name, a.last_name, a.language, a.household, a.variables, a.legal_basis, h.addresses,
                            a.latitude, a.longitude)
                            is distinct from
                          (n.first_name, n.last_name, n.language, n.household, n.variables, n.legal_basis, n.addresses,
                            n.latitude, n.longitude)
                          or not (a.tags @> n.tags and a.tags <@ n.tags) then 'change'
                     else 'same' end as step,
                a.contact_id is null or (h.addresses, a.legal_basis) is distinct from (n.addresses, n.legal_basis)
                    as readdressed,
                n.*
            from staged s
            left join contact c on c.tenant_id = ? and c.external_id = s.external_id
            left join contact a on a.tenant_id = c.tenant_id and a.contact_id = c.contact_id and a.state = 'active'
            left join lateral (
                select string_agg(e.kind || ':' || e.address, ',' order by e.rank) as addresses,
                    string_agg(e.kind || ':' || e.address, ',' order by e.rank) filter (where o.others) as kept_addresses,
                    jsonb_agg(jsonb_build_object('kind', e.kind, 'address', e.address, 'written_as', e.written_as,
                        'origin', e.origin, 'legal_basis', e.legal_basis) order by e.rank)
                        filter (where o.others) as kept
                from endpoint e
                cross join lateral (select e.origin <> ? and not s.endpoints
                    @> jsonb_build_array(jsonb_build_object('kind', e.kind, 'address', e.address)) as others) o
                where e.tenant_id = a.tenant_id and e.contact_id = a.contact_id) h on true
            cross join lateral (select
                case when ? or a.contact_id is null then s.first_name else a.first_name end as first_name,
                case when ? or a.contact_id is null then s.last_name else a.last_name end as last_name,
                case when s.language <> '' then s.language
                     when ? or a.contact_id is null then ? else a.language end as language,
                case when ? then nullif(s.household, '') else a.household end as household,
                case when ? or a.contact_id is null then s.tags
                     else array(select distinct t from unnest(a.tags || s.tags) t order by t) end as tags,
                (coalesce(a.variables, '{}') - ?::text[]) || s.variables as variables,
                case when a.contact_id is null or a.origin = ? then ? else a.legal_basis end as legal_basis,
                s.endpoints || coalesce(h.kept, '[]') as endpoints,
                s.addresses || coalesce(',' || h.kept_addresses, '') as addresses,
                case when ? and not s.keeps_place then s.latitude else a.latitude end as latitude,
                case when ? and not s.keeps_place then s.longitude else a.longitude end as longitude) n
            """;

    /** Gone: of this source, active, and neither taken nor rejected in this file. */
    private static final String PLAN_REMOVAL =
            """
            create temp table gone on commit drop as
            select c.contact_id from contact c
            where c.tenant_id = ? and c.origin = ? and c.state = 'active' and ?
                and not exists (select from planned p where p.contact_id = c.contact_id)
                and not exists (select from refused r where r.external_id = c.external_id)
                and not exists (select from refused r
                    where r.external_id = '' and r.last_name = c.last_name and r.first_name = c.first_name)
            """;

    private static final String COUNTS =
            """
            select count(*) filter (where step in ('add', 'restore')), count(*) filter (where step = 'change'),
                count(*) filter (where step = 'same'), (select count(*) from gone),
                (select count(*) from contact where tenant_id = ? and state = 'active'),
                (select count(*) from contact where tenant_id = ? and state = 'active' and origin = ?),
                (select max_contacts from tenant where tenant_id = ?)
            from planned
            """;

    private static final String KEEP_BEFORE =
            """
            insert into import_change (tenant_id, import_id, contact_id, before, after_version)
            select c.tenant_id, ?, c.contact_id,
                to_jsonb(c) - '{reach,book_name}'::text[] || jsonb_build_object('endpoints', coalesce(
                    (select jsonb_agg(to_jsonb(e) - 'tenant_id' - 'contact_id' order by e.rank)
                     from endpoint e where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id), '[]')),
                c.version + 1
            from contact c
            where c.tenant_id = ? and c.contact_id in (
                select contact_id from planned where step in ('change', 'restore') union all select contact_id from gone)
            """;

    private static final String CHANGE =
            """
            update contact c set first_name = p.first_name, last_name = p.last_name, language = p.language,
                household = p.household, tags = p.tags, variables = p.variables, legal_basis = p.legal_basis,
                latitude = p.latitude, longitude = p.longitude, reach = reach_of(p.endpoints),
                origin = case when p.step = 'restore' then ? else c.origin end,
                state = 'active', version = c.version + 1, updated_at = now()
            from planned p
            where c.tenant_id = ? and c.contact_id = p.contact_id and p.step in ('change', 'restore')
            """;

    private static final String ADD =
            """
            with added as (
                insert into contact (tenant_id, external_id, first_name, last_name, language, household, tags, variables,
                    origin, legal_basis, reach, latitude, longitude)
                select ?, external_id, first_name, last_name, language, household, tags, variables, ?, legal_basis,
                    reach_of(endpoints), latitude, longitude
                from planned where step = 'add'
                returning contact_id, external_id)
            update planned p set contact_id = added.contact_id
            from added where p.external_id = added.external_id
            """;

    private static final String KEEP_ADDED =
            """
            insert into import_change (tenant_id, import_id, contact_id, before, after_version)
            select ?, ?, contact_id, null, 0 from planned where step = 'add'
            """;

    private static final String DROP_ENDPOINTS =
            """
            delete from endpoint e using planned p
            where e.tenant_id = ? and e.contact_id = p.contact_id and p.step in ('change', 'restore') and p.readdressed
            """;

    private static final String ADD_ENDPOINTS =
            """
            insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
            select ?, p.contact_id, x.rank, x.e ->> 'kind', x.e ->> 'address', x.e ->> 'written_as',
                coalesce(x.e ->> 'origin', ?), coalesce(x.e ->> 'legal_basis', ?)
            from planned p, jsonb_array_elements(p.endpoints) with ordinality as x(e, rank)
            where p.step <> 'same' and p.readdressed
            """;

    private static final String REMOVE =
            """
            update contact c set state = 'removed', version = version + 1, updated_at = now()
            where c.tenant_id = ? and c.contact_id in (select contact_id from gone)
            """;

    private final Connection connection;
    private final int tenantId;
    private final long importId;
    private final ImportPlan plan;
    private final String language;

    Merge(Connection connection, int tenantId, long importId, ImportPlan plan, String language) {
        this.connection = connection;
        this.tenantId = tenantId;
        this.importId = importId;
        this.plan = plan;
        this.language = language;
    }

    record Counts(int added, int changed, int unchanged, int removed) {}

    /**
     * Decides, and says what of the file is twice in it.
     *
     * @throws RefusedException if the tenant's limit or the guard against removing too many forbids the whole
     */
    Counts plan(ColumnMapping mapping, RowErrors errors) throws SQLException {
        rejectDuplicates(mapping, errors);
        noticeSharedAddresses(mapping, errors);
        if (!plan.dryRun()) {
            Sql.query(connection, LOCK, row -> row.getInt(1), tenantId, plan.removeMissing(), plan.source());
        }
        boolean named = mapping.named();
        Sql.update(
                connection,
                PLAN,
                tenantId,
                plan.source(),
                named,
                named,
                mapping.has(Kind.LANGUAGE),
                language,
                mapping.has(Kind.HOUSEHOLD),
                mapping.has(Kind.TAGS),
                mapping.variables().toArray(String[]::new),
                plan.source(),
                plan.legalBasis(),
                mapping.has(Kind.LATITUDE),
                mapping.has(Kind.LATITUDE));
        Sql.update(connection, "create index on planned (contact_id)");
        Sql.update(connection, "analyze planned");
        Sql.update(connection, PLAN_REMOVAL, tenantId, plan.source(), plan.removeMissing());
        return counts();
    }

    private Counts counts() throws SQLException {
        return Sql.query(
                        connection,
                        COUNTS,
                        row -> {
                            Counts counts = new Counts(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4));
                            guardRemoval(counts, row.getLong(6));
                            guardQuota(row.getLong(5) + counts.added() - counts.removed(), row.getLong(7), counts);
                            return counts;
                        },
                        tenantId,
                        tenantId,
                        plan.source(),
                        tenantId)
                .get(0);
    }

    void apply() throws SQLException {
        Sql.update(connection, KEEP_BEFORE, importId, tenantId);
        Sql.update(connection, CHANGE, plan.source(), tenantId);
        Sql.update(connection, ADD, tenantId, plan.source());
        Sql.update(connection, KEEP_ADDED, tenantId, importId);
        Sql.update(connection, DROP_ENDPOINTS, tenantId);
        Sql.update(connection, ADD_ENDPOINTS, tenantId, plan.source(), plan.legalBasis());
        Sql.update(connection, REMOVE, tenantId);
    }

    private void guardRemoval(Counts counts, long ofSource) {
        int percent = plan.maxRemovedPercent().orElse(DEFAULT_MAX_REMOVED_PERCENT);
        if (counts.removed() > ALWAYS_REMOVABLE && counts.removed() * 100L > ofSource * percent) {
            throw new RefusedException(
                    "removeMissing",
                    "would remove " + counts.removed() + " of the " + ofSource + " contacts of source '" + plan.source()
                            + "', more than " + percent
                            + " %: is the file whole? If it is, allow it with maxRemovedPercent");
        }
    }

    private static void guardQuota(long after, long limit, Counts counts) {
        if (counts.added() > 0 && after > limit) {
            throw new RefusedException(
                    "max_contacts",
                    "would make " + after + " contacts; the tenant may have " + limit
                            + ": remove some, or ask the agency to raise the limit");
        }
    }

    private void rejectDuplicates(ColumnMapping mapping, RowErrors errors) throws SQLException {
        String field = title(mapping, Kind.EXTERNAL_ID, "row");
        Sql.query(connection, REJECT_DUPLICATES, row -> {
            String externalId = row.getString(3);
            errors.countRejected();
            errors.add(
                    row.getInt(1),
                    field,
                    externalId.startsWith("auto-")
                            ? "the same person as row " + row.getInt(2) + ", which was taken: delete one of them"
                            : "'" + externalId + "' is in row " + row.getInt(2)
                                    + " already, which was taken: each person needs a key of their own",
                    RowErrors.REJECTED);
            return null;
        });
    }

    private void noticeSharedAddresses(ColumnMapping mapping, RowErrors errors) throws SQLException {
        Map<String, String> fields = Map.of(
                "mobile", title(mapping, Kind.MOBILE, title(mapping, Kind.PHONE, "mobile")),
                "email", title(mapping, Kind.EMAIL, "email"));
        Sql.query(
                connection,
                SHARED_ADDRESSES,
                row -> {
                    String kind = row.getString(2);
                    errors.add(
                            row.getInt(1),
                            fields.getOrDefault(kind, kind),
                            "'" + row.getString(3) + "' is also in row " + row.getInt(4)
                                    + "; both were taken, so it is alerted for each of them",
                            RowErrors.NOTICE);
                    return null;
                },
                1_000);
    }

    private static String title(ColumnMapping mapping, Kind kind, String otherwise) {
        return mapping.columns().stream()
                .filter(c -> c.field().kind() == kind)
                .map(ColumnMapping.Column::title)
                .findFirst()
                .orElse(otherwise);
    }
}
