-- The ledger: what must reach whom, what was tried, what came back. See docs/architecture.md.
-- Immutable: recipient, target. Appended: attempt, answer. Only batch, wave and alert change.

create sequence alert_id as bigint;
grant usage on sequence alert_id to tocsin_app, tocsin_engine;

create table alert (
    tenant_id        integer not null references tenant,
    alert_id         bigint not null default nextval('alert_id'),
    scenario_slug    text not null,
    scenario_version integer not null,
    title            text not null,
    category         smallint not null check (category between 0 and 2),
    drill            boolean not null,
    state            text not null check (state in ('running', 'paused', 'cancelled', 'closed')),
    policy           jsonb not null,
    recipients       integer not null,
    -- the last step of the cascade that was opened, or passed over because nobody could be tried; 0: none yet
    step             integer not null default 0,
    launched_by      text not null,
    launched_at      timestamptz not null,
    paused_at        timestamptz,
    ended_at         timestamptz,
    primary key (tenant_id, alert_id)
);
create index on alert (tenant_id, launched_at desc);
create index alert_open on alert (tenant_id, alert_id) where state in ('running', 'paused');

create table alert_message (
    tenant_id integer not null,
    alert_id  bigint not null,
    channel   text not null,
    language  text not null,
    -- order given at launch: the first of a channel is what people read whose language is not written
    ordinal   integer not null default 0,
    subject   text not null,
    body_text text not null,
    body_html text,
    primary key (tenant_id, alert_id, channel, language)
);

create table recipient (
    tenant_id    integer not null,
    alert_id     bigint not null,
    recipient_no integer not null,
    contact_id   bigint not null,
    name         text not null,
    language     text not null,
    variables    jsonb not null,
    -- [{"kind":"mobile","address":"+33639980001"}, …] by rank, as they were at launch
    endpoints    jsonb not null,
    primary key (tenant_id, alert_id, recipient_no)
);

create table wave (
    tenant_id    integer not null,
    alert_id     bigint not null,
    wave_no      integer not null,
    kind         text not null check (kind in ('cascade', 'retry', 'relaunch', 'resend')),
    -- the cascade or relaunch wave whose people this one goes on trying; itself for those
    root_wave    integer not null,
    -- the cascade's step, from 1; 0 for a relaunch
    step         integer not null,
    channel      text not null,
    rule         text not null,
    targets      integer not null,
    max_attempts integer not null,
    patience     interval not null,
    opened_at    timestamptz not null,
    deadline     timestamptz not null,
    closed_at    timestamptz,
    primary key (tenant_id, alert_id, wave_no)
);

-- Positions of a wave run from 0 without holes.
create table target (
    tenant_id          integer not null,
    alert_id           bigint not null,
    wave_no            integer not null,
    position           integer not null,
    recipient_no       integer not null,
    address            text not null,
    -- the target this one takes over from, in a retry or a resend
    replaces_wave      integer,
    replaces_position  integer,
    possible_duplicate boolean not null default false,
    -- which try at this address this is, from 1
    try_no             smallint not null default 1,
    primary key (tenant_id, alert_id, wave_no, position)
);
-- Not (tenant, alert, recipient): without statistics of a new alert the planner would read a range of positions by it.
create index target_recipient on target (tenant_id, recipient_no, alert_id);
create index target_address on target (address, alert_id);
-- A target is taken over once at most, whoever decides.
create unique index target_replaced on target (tenant_id, alert_id, replaces_wave, replaces_position)
    where replaces_wave is not null;

-- A range of positions [first, end) of a wave: the unit of lease. position < watermark: may have left.
create table batch (
    tenant_id      integer not null,
    alert_id       bigint not null,
    wave_no        integer not null,
    batch_no       integer not null,
    channel        text not null,
    priority       smallint not null,
    due_at         timestamptz not null,
    first_position integer not null,
    end_position   integer not null,
    watermark      integer not null,
    -- name and incarnation of the node holding it; null: nobody, and all that left is recorded
    lease_owner    text,
    lease_token    bigint not null default 0,
    lease_until    timestamptz,
    account_id     integer,
    -- every position is recorded, or will never leave
    settled        boolean not null default false,
    primary key (tenant_id, alert_id, wave_no, batch_no)
) with (fillfactor = 50);
-- Nothing a lease or a watermark changes is in an index: those updates stay HOT.
create index batch_open on batch (tenant_id, alert_id, wave_no, batch_no) where not settled;

create table attempt (
    tenant_id  integer not null,
    alert_id   bigint not null,
    wave_no    integer not null,
    position   integer not null,
    segment    smallint not null default 0,
    segments   smallint not null default 1,
    -- accepted, retry, rejected, in-doubt, skipped; then receipts: buffered, delivered, failed, expired
    kind       text not null,
    code       text not null,
    account_id integer,
    carrier_id text,
    at         timestamptz not null,
    node       text not null
) partition by range (at);
create index attempt_target on attempt (tenant_id, alert_id, wave_no, position);
create table attempt_other partition of attempt default;

-- Makes the partitions of the coming days, and drops those whose last day is over since retention days.
-- Runs as the schema's owner, because the engine's role may not create tables.
create function attempt_partitions(days_ahead integer, retention_days integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    d date;
    part record;
    made integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('attempt_partitions'));
    for d in select generate_series(current_date, current_date + days_ahead, interval '1 day')::date loop
        if to_regclass(format('attempt_%s', to_char(d, 'YYYYMMDD'))) is null then
            execute format('create table attempt_%s partition of attempt for values from (%L) to (%L)',
                to_char(d, 'YYYYMMDD'), d, d + 1);
            call bind_to_tenant(format('attempt_%s', to_char(d, 'YYYYMMDD'))::regclass);
            execute format('revoke all on attempt_%s from tocsin_app, tocsin_engine', to_char(d, 'YYYYMMDD'));
            made := made + 1;
        end if;
    end loop;
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'attempt'::regclass and c.relname ~ '^attempt_[0-9]{8}$'
          and to_date(right(c.relname, 8), 'YYYYMMDD') < current_date - retention_days
    loop
        execute format('drop table %I', part.relname);
    end loop;
    return made;
end
$$;
revoke all on function attempt_partitions from public;
grant execute on function attempt_partitions to tocsin_engine;

-- How a receipt finds its message. A carrier that starts again may reuse its ids: the latest wins.
create table carrier_ref (
    account_id integer not null,
    carrier_id text not null,
    tenant_id  integer not null,
    alert_id   bigint not null,
    wave_no    integer not null,
    position   integer not null,
    segment    smallint not null,
    at         timestamptz not null
);
create index carrier_ref_id on carrier_ref (account_id, carrier_id);
create index carrier_ref_at on carrier_ref using brin (at);

-- Receipts nobody knows yet: the response that names their message may still come.
create table orphan_receipt (
    account_id integer not null,
    carrier_id text not null,
    reference  text,
    address    text,
    kind       text not null,
    code       text not null,
    at         timestamptz not null,
    seen_at    timestamptz not null
);
create index on orphan_receipt (seen_at);
grant select, insert, update, delete on carrier_ref, orphan_receipt to tocsin_engine;

-- What a decision is due about: written with the observation, consumed by whoever decides.
create table followup (
    tenant_id integer not null,
    alert_id  bigint not null,
    wave_no   integer not null,
    position  integer not null,
    -- retry, not-sent (the account's trouble, not the message's), in-doubt, failed
    kind      text not null,
    code      text not null,
    due_at    timestamptz not null
);
create index followup_target on followup (tenant_id, alert_id, wave_no, position);
create index followup_due on followup (tenant_id, alert_id, due_at);

-- The first answer of a person in an alert: what stops the rest.
create table answer (
    tenant_id    integer not null,
    alert_id     bigint not null,
    recipient_no integer not null,
    choice       text not null,
    channel      text not null,
    source       text not null,
    at           timestamptz not null,
    primary key (tenant_id, alert_id, recipient_no)
);

-- What people wrote to us, whether we understood it or not. tenant_id null: from nobody we know.
create table inbound_message (
    account_id   integer not null,
    inbound_id   text not null,
    tenant_id    integer,
    alert_id     bigint,
    recipient_no integer,
    from_address text not null,
    text         text not null,
    -- answered, repeated (not the first answer), not-understood, unknown-sender
    outcome      text not null,
    at           timestamptz not null,
    primary key (account_id, inbound_id)
);
create index on inbound_message (tenant_id, alert_id, at);

create table tally (
    tenant_id integer not null,
    alert_id  bigint not null,
    wave_no   integer not null,
    node      text not null,
    kind      text not null,
    n         bigint not null,
    primary key (tenant_id, alert_id, wave_no, node, kind)
) with (fillfactor = 50);

-- Observations that could not be recorded, by name and with the reason; the rest of their group was.
-- The last group each appender of a node wrote, changed in the group's own transaction: whether a commit whose answer was
-- lost took place. (A transaction's id would not tell: one that a crash swept away is given out again.)
create table appended_group (
    appender uuid primary key,
    last     bigint not null,
    at       timestamptz not null
) with (fillfactor = 50);
grant select, insert, update, delete on appended_group to tocsin_engine;

create table set_aside (
    set_aside_id bigint generated always as identity primary key,
    tenant_id    integer,
    alert_id     bigint,
    wave_no      integer,
    position     integer,
    account_id   integer,
    kind         text not null,
    reason       text not null,
    at           timestamptz not null
);

do $$ declare t text; begin
    foreach t in array array['alert', 'alert_message', 'recipient', 'wave', 'target', 'batch', 'attempt', 'attempt_other',
        'followup', 'answer', 'inbound_message', 'tally', 'set_aside'] loop
        call bind_to_tenant(t::regclass);
    end loop;
end $$;
revoke all on attempt_other from tocsin_app, tocsin_engine;
revoke update, delete on recipient, target, attempt, answer from tocsin_app;
revoke update, delete on attempt, target, recipient from tocsin_engine;
revoke insert, update, delete on followup, inbound_message, set_aside from tocsin_app;
select attempt_partitions(3, 36500);

-- Nodes that dispatch. A node that starts again under its name takes a new incarnation; its former leases are void.
create table node (
    name        text primary key,
    incarnation bigint not null,
    started_at  timestamptz not null,
    heartbeat   timestamptz not null
);

create table platform_secret (
    name  text primary key,
    value bytea not null
);
grant select, insert, update on node, platform_secret to tocsin_engine;

-- Kinds of endpoint a channel reaches: what its provider last said, so that a provider that is away changes nothing.
create table channel_endpoint_kind (
    channel text not null,
    kind    text not null,
    primary key (channel, kind)
);
insert into channel_endpoint_kind values
    ('sms', 'mobile'), ('mail', 'email'), ('voice', 'mobile'), ('voice', 'landline'), ('fax', 'fax');
grant select on channel_endpoint_kind to tocsin_app;
grant select, insert, update, delete on channel_endpoint_kind to tocsin_engine;

-- {"kinds": […]} of one or several channels: the variables of the JSON paths below.
create function endpoint_kinds(channels text[]) returns jsonb
    language sql stable
    as $$ select jsonb_build_object('kinds', coalesce(jsonb_agg(distinct k.kind), '[]'))
          from channel_endpoint_kind k where k.channel = any(channels) $$;

-- The best ranked address among some kinds, or null.
create function first_address(endpoints jsonb, kinds jsonb) returns text
    language sql immutable
    as $$ select jsonb_path_query_first(endpoints, '$[*] ? (@.kind == $kinds[*]).address', kinds) #>> '{}' $$;

-- One word for what is known of a target, from the bits of its attempts (see target_states).
create function target_state(seen integer, accepted bigint, delivered bigint, segments integer) returns text
    language sql immutable
    as $$ select case
        when seen is null then 'none'
        when delivered & ((1::bigint << segments) - 1) = (1::bigint << segments) - 1 then 'delivered'
        when seen & 64 <> 0 then 'failed'
        when accepted & ((1::bigint << segments) - 1) = (1::bigint << segments) - 1 then 'accepted'
        when seen & 2 <> 0 then 'retry'
        when seen & 8 <> 0 then 'in-doubt'
        when seen & 16 <> 0 then 'skipped'
        else 'accepted'
    end $$;

-- What is known of each target of an alert. bits: 1 accepted, 2 retry, 8 in doubt, 16 skipped, 32 buffered, 64 failed, 128 delivered
create function observed(t integer, a bigint) returns table (wave_no integer, "position" integer, state text)
    language sql stable
    as $$
    select o.wave_no, o."position", target_state(o.seen, o.accepted, o.delivered, o.segments)
    from (
        select x.wave_no, x."position",
            bit_or(case x.kind when 'accepted' then 1 when 'delivered' then 128 when 'retry' then 2 when 'in-doubt' then 8
                when 'skipped' then 16 when 'buffered' then 32 else 64 end) as seen,
            bit_or(case x.kind when 'accepted' then 1::bigint << x.segment else 0 end) as accepted,
            bit_or(case x.kind when 'delivered' then 1::bigint << x.segment else 0 end) as delivered,
            max(x.segments)::integer as segments
        from attempt x
        where x.tenant_id = t and x.alert_id = a
          and x.at >= (select l.launched_at - interval '1 day' from alert l where l.tenant_id = t and l.alert_id = a)
        group by x.wave_no, x."position"
    ) o
    $$;

-- The same for one target.
create function observed_of(t integer, a bigint, w integer, p integer) returns text
    language sql stable
    as $$
    select target_state(
            bit_or(case x.kind when 'accepted' then 1 when 'delivered' then 128 when 'retry' then 2 when 'in-doubt' then 8
                when 'skipped' then 16 when 'buffered' then 32 else 64 end),
            bit_or(case x.kind when 'accepted' then 1::bigint << x.segment else 0 end),
            bit_or(case x.kind when 'delivered' then 1::bigint << x.segment else 0 end),
            max(x.segments)::integer)
    from attempt x
    where x.tenant_id = t and x.alert_id = a and x.wave_no = w and x."position" = p
    $$;

-- Law 1, in one place: where a person stands.
create function person_state(answered boolean, delivered boolean, open boolean, undecided boolean, later boolean, doubt boolean)
    returns text
    language sql immutable
    as $$ select case
        when answered then 'answered'
        when delivered then 'delivered'
        when open and (undecided or later) then 'pending'
        when doubt then 'unknown'
        else 'failed'
    end $$;

-- Kinds of endpoint that the steps not yet opened of an open alert can still reach.
create function kinds_of_later_steps(t integer, a bigint) returns jsonb
    language sql stable
    as $$
    select endpoint_kinds(coalesce(array_agg(s.o ->> 'channel'), '{}'))
    from alert l cross join lateral jsonb_array_elements(l.policy -> 'cascade') with ordinality s(o, n)
    where l.tenant_id = t and l.alert_id = a and l.state in ('running', 'paused') and s.n > l.step
    $$;

-- Everybody of an alert. Undecided: a target of an open wave, not taken over, that may still come good, or about which a
-- decision is due. In doubt: it may have left, and nobody said what became of it.
create function alert_people(t integer, a bigint)
    returns table (recipient_no integer, contact_id bigint, name text, language text, state text, flagged boolean)
    language sql stable
    as $$
    select r.recipient_no, r.contact_id, r.name, r.language,
        person_state(
            n.recipient_no is not null,
            coalesce(p.delivered, false),
            l.state in ('running', 'paused'),
            coalesce(p.undecided, false),
            jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', (select kinds_of_later_steps(t, a))),
            coalesce(p.doubt, false)),
        coalesce(p.flagged, false)
    from alert l
    join recipient r on r.tenant_id = t and r.alert_id = a
    left join answer n on n.tenant_id = t and n.alert_id = a and n.recipient_no = r.recipient_no
    left join (
        select x.recipient_no,
            bool_or(o.state = 'delivered') as delivered,
            bool_or(w.closed_at is null and y.wave_no is null
                and (o.state is null or o.state in ('accepted', 'in-doubt') or f.wave_no is not null)) as undecided,
            bool_or(o.state in ('accepted', 'in-doubt') or o.state is null and exists (
                select from batch b
                where b.tenant_id = t and b.alert_id = a and b.wave_no = x.wave_no and not b.settled
                  and x."position" >= b.first_position and x."position" < b.watermark)) as doubt,
            bool_or(x.possible_duplicate) as flagged
        from target x
        join wave w on w.tenant_id = t and w.alert_id = a and w.wave_no = x.wave_no
        left join observed(t, a) o on o.wave_no = x.wave_no and o."position" = x."position"
        left join target y on y.tenant_id = t and y.alert_id = a
            and y.replaces_wave = x.wave_no and y.replaces_position = x."position"
        left join followup f on f.tenant_id = t and f.alert_id = a and f.wave_no = x.wave_no and f."position" = x."position"
        where x.tenant_id = t and x.alert_id = a
        group by x.recipient_no
    ) p on p.recipient_no = r.recipient_no
    where l.tenant_id = t and l.alert_id = a
    $$;

-- The same for one person, by index.
create function person_of(t integer, a bigint, no integer) returns table (state text, flagged boolean)
    language sql stable
    as $$
    select
        person_state(
            exists (select from answer n where n.tenant_id = t and n.alert_id = a and n.recipient_no = no),
            coalesce(p.delivered, false),
            l.state in ('running', 'paused'),
            coalesce(p.undecided, false),
            jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', (select kinds_of_later_steps(t, a))),
            coalesce(p.doubt, false)),
        coalesce(p.flagged, false)
    from alert l
    join recipient r on r.tenant_id = t and r.alert_id = a and r.recipient_no = no
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
        from target x
        join wave w on w.tenant_id = t and w.alert_id = a and w.wave_no = x.wave_no
        cross join lateral (select observed_of(t, a, x.wave_no, x."position") as state) o
        left join target y on y.tenant_id = t and y.alert_id = a
            and y.replaces_wave = x.wave_no and y.replaces_position = x."position"
        left join followup f on f.tenant_id = t and f.alert_id = a and f.wave_no = x.wave_no and f."position" = x."position"
        where x.tenant_id = t and x.alert_id = a and x.recipient_no = no
    ) p on true
    where l.tenant_id = t and l.alert_id = a
    $$;

-- recipients = answered + delivered + failed + unknown + pending; called by every story, bench and screen.
create function alert_totals(t integer, a bigint)
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
    $$;

-- How many people of a wave and its retries are not at their end: not answered, and (a person leaves when delivered) not
-- delivered, and their latest target undecided. 0: the step is over before its time.
create function undecided_people(t integer, a bigint, root integer, until_answered boolean) returns bigint
    language sql stable
    as $$
    select count(*)
    from target x
    join wave w on w.tenant_id = t and w.alert_id = a and w.wave_no = x.wave_no and w.root_wave = root
    left join answer n on n.tenant_id = t and n.alert_id = a and n.recipient_no = x.recipient_no
    left join observed(t, a) o on o.wave_no = x.wave_no and o."position" = x."position"
    left join target y on y.tenant_id = t and y.alert_id = a
        and y.replaces_wave = x.wave_no and y.replaces_position = x."position"
    left join followup f on f.tenant_id = t and f.alert_id = a and f.wave_no = x.wave_no and f."position" = x."position"
    where x.tenant_id = t and x.alert_id = a and n.recipient_no is null and y.wave_no is null
      and (o.state is null or o.state in ('accepted', 'in-doubt') or f.wave_no is not null
          or until_answered and o.state = 'delivered')
    $$;
