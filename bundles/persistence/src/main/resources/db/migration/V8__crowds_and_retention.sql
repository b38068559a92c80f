-- Totals of a crowd without looking at every batch for every target; what is kept of an alert whose attempts are dropped;
-- when an observation was recorded, beside when its carrier says that it was made.

-- Carriers' clocks lie. Rows of before know one time only.
alter table attempt add column recorded_at timestamptz;
-- Row by row, so that what one group recorded keeps its order.
alter table attempt alter column recorded_at set default clock_timestamp();
alter table answer add column recorded_at timestamptz;
alter table answer alter column recorded_at set default clock_timestamp();

create index target_flagged on target (tenant_id, alert_id, recipient_no) where possible_duplicate;

-- What attempts said of people, kept when they are dropped: delivered, or unknown (it may have arrived). Nobody's row: failed.
create table person_result (
    tenant_id    integer not null,
    alert_id     bigint not null,
    recipient_no integer not null,
    state        text not null check (state in ('delivered', 'unknown')),
    primary key (tenant_id, alert_id, recipient_no)
);
-- Alerts whose person_result says all that attempts said up to then: their attempts may be dropped.
create table alert_result (
    tenant_id integer not null,
    alert_id  bigint not null,
    kept_at   timestamptz not null,
    primary key (tenant_id, alert_id)
);
-- One row once something was dropped: attempts of days before this one are no longer kept.
create table attempt_kept (
    one   boolean primary key default true check (one),
    since date not null
);
grant select on attempt_kept to tocsin_app;
grant select, insert, update on attempt_kept to tocsin_engine;
call bind_to_tenant('person_result');
call bind_to_tenant('alert_result');
revoke insert, update, delete on person_result, alert_result from tocsin_app;

-- What is known of each target that left or may have left: observed, or intended without a word yet.
create function known(t integer, a bigint) returns table (wave_no integer, "position" integer, state text)
    language sql stable
    as $$
    select coalesce(o.wave_no, i.wave_no), coalesce(o."position", i."position"), coalesce(o.state, 'in-doubt')
    from observed(t, a) o
    full join (
        -- in the select list: a lateral join would be a nested loop
        select b.wave_no, generate_series(b.first_position, b.watermark - 1) as "position"
        from batch b
        where b.tenant_id = t and b.alert_id = a and not b.settled and b.watermark > b.first_position
    ) i on i.wave_no = o.wave_no and i."position" = o."position"
    $$;

-- Everybody of an alert. Undecided: a target of an open wave, not taken over, that may still come good, or about which a
-- decision is due. In doubt: it may have left, and nobody said what became of it.
create or replace function alert_people(t integer, a bigint)
    returns table (recipient_no integer, contact_id bigint, name text, language text, state text, flagged boolean)
    language sql stable
    as $$
    select r.recipient_no, r.contact_id, r.name, r.language,
        person_state(
            n.recipient_no is not null,
            coalesce(p.delivered, false) or coalesce(k.state = 'delivered', false),
            l.state in ('running', 'paused'),
            coalesce(p.undecided, false),
            jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', (select kinds_of_later_steps(t, a))),
            coalesce(p.doubt, false) or coalesce(k.state = 'unknown', false)),
        coalesce(p.flagged, false)
    from alert l
    join recipient r on r.tenant_id = t and r.alert_id = a
    left join answer n on n.tenant_id = t and n.alert_id = a and n.recipient_no = r.recipient_no
    left join person_result k on k.tenant_id = t and k.alert_id = a and k.recipient_no = r.recipient_no
    left join (
        select x.recipient_no,
            bool_or(o.state = 'delivered') as delivered,
            bool_or(w.closed_at is null and y.wave_no is null
                and (o.state is null or o.state in ('accepted', 'in-doubt') or f.wave_no is not null)) as undecided,
            bool_or(o.state in ('accepted', 'in-doubt')) as doubt,
            bool_or(x.possible_duplicate) as flagged
        from target x
        join wave w on w.tenant_id = t and w.alert_id = a and w.wave_no = x.wave_no
        left join known(t, a) o on o.wave_no = x.wave_no and o."position" = x."position"
        left join target y on y.tenant_id = t and y.alert_id = a
            and y.replaces_wave = x.wave_no and y.replaces_position = x."position"
        left join followup f on f.tenant_id = t and f.alert_id = a and f.wave_no = x.wave_no and f."position" = x."position"
        where x.tenant_id = t and x.alert_id = a
        group by x.recipient_no
    ) p on p.recipient_no = r.recipient_no
    where l.tenant_id = t and l.alert_id = a
    $$;

-- The same for one person, by index. The fence (offset 0) keeps a planner without statistics from reading all targets of a
-- wave for each person.
create or replace function person_of(t integer, a bigint, no integer) returns table (state text, flagged boolean)
    language sql stable
    as $$
    select
        person_state(
            exists (select from answer n where n.tenant_id = t and n.alert_id = a and n.recipient_no = no),
            coalesce(p.delivered, false) or coalesce(k.state = 'delivered', false),
            l.state in ('running', 'paused'),
            coalesce(p.undecided, false),
            jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', (select kinds_of_later_steps(t, a))),
            coalesce(p.doubt, false) or coalesce(k.state = 'unknown', false)),
        coalesce(p.flagged, false)
    from alert l
    join recipient r on r.tenant_id = t and r.alert_id = a and r.recipient_no = no
    left join person_result k on k.tenant_id = t and k.alert_id = a and k.recipient_no = no
    left join lateral (
        select
            bool_or(o.state = 'delivered') as delivered,
            bool_or(w.closed_at is null and y.wave_no is null
                and (o.state in ('none', 'accepted', 'in-doubt') or f.wave_no is not null)) as undecided,
            bool_or(o.state in ('accepted', 'in-doubt') or o.state = 'none' and exists (
                select from batch b
                where b.tenant_id = t and b.alert_id = a and b.wave_no = x.wave_no and not b.settled
                  and x."position" >= b.first_position and x."position" < b.watermark)) as doubt,
            bool_or(x.possible_duplicate) as flagged
        from (
            select z.wave_no, z."position", z.possible_duplicate from target z
            where z.tenant_id = t and z.alert_id = a and z.recipient_no = no
            offset 0
        ) x
        join wave w on w.tenant_id = t and w.alert_id = a and w.wave_no = x.wave_no
        cross join lateral (select observed_of(t, a, x.wave_no, x."position") as state) o
        left join target y on y.tenant_id = t and y.alert_id = a
            and y.replaces_wave = x.wave_no and y.replaces_position = x."position"
        left join followup f on f.tenant_id = t and f.alert_id = a and f.wave_no = x.wave_no and f."position" = x."position"
    ) p on true
    where l.tenant_id = t and l.alert_id = a
    $$;

-- recipients = answered + delivered + failed + unknown + pending; called by every story, bench and screen. While an alert is
-- open everybody is looked at. Of one that ended, only those of whom something is known: the others failed, and one stopped
-- before much had left is counted at once.
create or replace function alert_totals(t integer, a bigint)
    returns table (recipients bigint, answered bigint, delivered bigint, failed bigint, unknown bigint, pending bigint, flagged bigint)
    language sql stable
    as $$
    select count(*),
        count(*) filter (where p.state = 'answered'),
        count(*) filter (where p.state = 'delivered'),
        count(*) filter (where p.state = 'failed'),
        count(*) filter (where p.state = 'unknown'),
        count(*) filter (where p.state = 'pending'),
        count(*) filter (where p.flagged)
    from alert_people(t, a) p
    where (select l.state in ('running', 'paused') from alert l where l.tenant_id = t and l.alert_id = a)
    having (select l.state in ('running', 'paused') from alert l where l.tenant_id = t and l.alert_id = a)
    union all
    select l.recipients::bigint, s.answered, s.delivered, l.recipients - s.answered - s.delivered - s.unknown, s.unknown, 0,
        s.flagged
    from alert l
    cross join (
        select
            count(*) filter (where e.state = 'answered') as answered,
            count(*) filter (where e.state = 'delivered') as delivered,
            count(*) filter (where e.state = 'unknown') as unknown,
            count(*) filter (where e.flagged) as flagged
        from (
            select person_state(bool_or(u.answered), bool_or(u.delivered), false, false, false, bool_or(u.doubt)) as state,
                bool_or(u.flagged) as flagged
            from (
                select n.recipient_no, true as answered, false as delivered, false as doubt, false as flagged
                from answer n where n.tenant_id = t and n.alert_id = a
                union all
                select k.recipient_no, false, k.state = 'delivered', k.state = 'unknown', false
                from person_result k where k.tenant_id = t and k.alert_id = a
                union all
                select x.recipient_no, false, o.state = 'delivered', o.state in ('accepted', 'in-doubt'), false
                from known(t, a) o
                join target x on x.tenant_id = t and x.alert_id = a and x.wave_no = o.wave_no and x."position" = o."position"
                union all
                select x.recipient_no, false, false, false, true
                from target x where x.tenant_id = t and x.alert_id = a and x.possible_duplicate
            ) u
            group by u.recipient_no
        ) e
        where (select l.state in ('cancelled', 'closed') from alert l where l.tenant_id = t and l.alert_id = a)
    ) s
    where l.tenant_id = t and l.alert_id = a and l.state in ('cancelled', 'closed')
    $$;

-- Keeps what the attempts of an ended alert say of its people. May be repeated: what was kept before counts.
create function keep_result(t integer, a bigint) returns void
    language plpgsql
    set enable_nestloop = off
    set enable_mergejoin = off
    set jit = off
    set work_mem = '64MB'
    as $$
begin
    -- Whoever relaunches waits, or has already.
    perform from alert l where l.tenant_id = t and l.alert_id = a and l.state in ('cancelled', 'closed') for update;
    if not found then
        return;
    end if;
    insert into person_result (tenant_id, alert_id, recipient_no, state)
    select t, a, u.recipient_no, case when bool_or(u.delivered) then 'delivered' else 'unknown' end
    from (
        select x.recipient_no, o.state = 'delivered' as delivered
        from known(t, a) o
        join target x on x.tenant_id = t and x.alert_id = a and x.wave_no = o.wave_no and x."position" = o."position"
        where o.state in ('delivered', 'accepted', 'in-doubt')
    ) u
    group by u.recipient_no
    on conflict (tenant_id, alert_id, recipient_no) do update set state = excluded.state
        where person_result.state = 'unknown' and excluded.state = 'delivered';
    insert into alert_result (tenant_id, alert_id, kept_at) values (t, a, now())
    on conflict (tenant_id, alert_id) do update set kept_at = excluded.kept_at;
end
$$;

drop function attempt_partitions(integer, integer);

-- As the schema's owner, because the engine's role may not make tables. What came when its day had no partition yet is moved
-- out of attempt_other: PostgreSQL would refuse the day for ever.
create function make_attempt_partition(d date) returns boolean
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    name text := format('attempt_%s', to_char(d, 'YYYYMMDD'));
begin
    if to_regclass(name) is not null then
        return false;
    end if;
    execute format('create table %I (like attempt including defaults including constraints)', name);
    lock table attempt_other in access exclusive mode;
    -- The owner is bound by row-level security too.
    alter table attempt_other no force row level security;
    execute format('with late as (delete from attempt_other where at >= %L and at < %L returning *) '
        'insert into %I select * from late', d, d + 1, name);
    alter table attempt_other force row level security;
    execute format('alter table attempt attach partition %I for values from (%L) to (%L)', name, d, d + 1);
    call bind_to_tenant(name::regclass);
    execute format('revoke all on %I from tocsin_app, tocsin_engine', name);
    return true;
end
$$;

create function drop_attempt_partitions(before date) returns integer
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    part record;
    dropped integer := 0;
begin
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'attempt'::regclass and c.relname ~ '^attempt_[0-9]{8}$'
          and to_date(right(c.relname, 8), 'YYYYMMDD') < before
    loop
        execute format('drop table %I', part.relname);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$;

-- Makes the partitions of the coming days, and drops those whose last day is over since retention days. What they say of
-- people is kept first, of about a million people a call. An alert that has not ended, or is not kept yet, keeps its own and all later days.
create function attempt_partitions(days_ahead integer, retention_days integer, today date default current_date) returns integer
    language plpgsql
    as $$
declare
    d date;
    done record;
    oldest date;
    made integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('attempt_partitions'));
    for d in select generate_series(today, today + days_ahead, interval '1 day')::date loop
        if make_attempt_partition(d) then
            made := made + 1;
        end if;
    end loop;
    for done in
        select n.tenant_id, n.alert_id
        from (
            select l.tenant_id, l.alert_id, l.launched_at, l.recipients,
                sum(l.recipients) over (order by l.launched_at, l.tenant_id, l.alert_id) as people
            from alert l
            left join alert_result k on k.tenant_id = l.tenant_id and k.alert_id = l.alert_id and k.kept_at > l.ended_at
            where l.state in ('cancelled', 'closed') and l.launched_at < today - retention_days and k.alert_id is null
        ) n
        where n.people - n.recipients < 1000000
        order by n.launched_at
    loop
        perform keep_result(done.tenant_id, done.alert_id);
    end loop;
    select min(l.launched_at)::date - 1 into oldest
    from alert l
    left join alert_result k on k.tenant_id = l.tenant_id and k.alert_id = l.alert_id and k.kept_at > l.ended_at
    where l.launched_at < today - retention_days and k.alert_id is null;
    oldest := least(today - retention_days, oldest);
    if drop_attempt_partitions(oldest) > 0 then
        insert into attempt_kept (since) values (oldest)
        on conflict (one) do update set since = greatest(attempt_kept.since, excluded.since);
    end if;
    return made;
end
$$;

revoke all on function make_attempt_partition, drop_attempt_partitions, attempt_partitions, keep_result from public;
grant execute on function make_attempt_partition, drop_attempt_partitions, attempt_partitions, keep_result to tocsin_engine;
