-- A launch does not write a target for everybody: two thirds of its time, while nothing could leave. The first step says which
-- people each batch is for, and whoever leases a batch first writes its targets (docs/decisions/0018).

-- The kinds of endpoint a wave of everybody takes people by, as they were when it opened; null: all its targets were written then.
alter table wave add everybody jsonb;
-- Of a wave of everybody: those who can be reached, by number, from the first to the last, are the positions of the batch in that
-- order. They are written by the lease that makes the token 1; before it, nobody has a target.
alter table batch add first_recipient integer, add last_recipient integer;
create index batch_recipients on batch (tenant_id, alert_id, wave_no, first_recipient) where first_recipient is not null;

-- Everybody of an alert (V8). Undecided as well: who waits for a batch of an open wave that nobody leased yet.
create or replace function alert_people(t integer, a bigint)
    returns table (recipient_no integer, contact_id bigint, name text, language text, state text, flagged boolean)
    language sql stable
    as $$
    select r.recipient_no, r.contact_id, r.name, r.language,
        person_state(
            n.recipient_no is not null,
            coalesce(p.delivered, false) or coalesce(k.state = 'delivered', false),
            l.state in ('running', 'paused'),
            coalesce(p.undecided, false)
                or coalesce(jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', u.kinds), false),
            jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', (select kinds_of_later_steps(t, a))),
            coalesce(p.doubt, false) or coalesce(k.state = 'unknown', false)),
        coalesce(p.flagged, false)
    from alert l
    join recipient r on r.tenant_id = t and r.alert_id = a
    left join answer n on n.tenant_id = t and n.alert_id = a and n.recipient_no = r.recipient_no
    left join person_result k on k.tenant_id = t and k.alert_id = a and k.recipient_no = r.recipient_no
    left join (
        -- in the select list: a lateral join would be a nested loop
        select generate_series(b.first_recipient, b.last_recipient) as recipient_no, w.everybody as kinds
        from batch b
        join wave w on w.tenant_id = t and w.alert_id = a and w.wave_no = b.wave_no and w.closed_at is null
        where b.tenant_id = t and b.alert_id = a and b.first_recipient is not null and b.lease_token = 0 and not b.settled
    ) u on u.recipient_no = r.recipient_no
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

-- The same for one person, by index (V8, V14).
create or replace function person_of(t integer, a bigint, no integer) returns table (state text, flagged boolean)
    language sql stable
    as $$
    select
        person_state(
            exists (select from answer n where n.tenant_id = t and n.alert_id = a and n.recipient_no = no),
            coalesce(p.delivered, false) or coalesce(k.state = 'delivered', false),
            l.state in ('running', 'paused'),
            coalesce(p.undecided, false) or exists (
                select from wave w
                cross join lateral (
                    select z.last_recipient, z.lease_token, z.settled from batch z
                    where z.tenant_id = t and z.alert_id = a and z.wave_no = w.wave_no and z.first_recipient <= no
                    order by z.first_recipient desc limit 1
                ) b
                where w.tenant_id = t and w.alert_id = a and w.everybody is not null and w.closed_at is null
                  and b.last_recipient >= no and b.lease_token = 0 and not b.settled
                  and jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', w.everybody)),
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
                and (o.state in ('none', 'accepted', 'in-doubt') or f.due)) as undecided,
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
        left join lateral (
            select z.wave_no from target z
            where z.tenant_id = t and z.alert_id = a and z.replaces_wave = x.wave_no and z.replaces_position = x."position"
            offset 0
        ) y on true
        cross join lateral (
            select exists (
                select from followup z
                where z.tenant_id = t and z.alert_id = a and z.wave_no = x.wave_no and z."position" = x."position"
                offset 0) as due
        ) f
    ) p on true
    where l.tenant_id = t and l.alert_id = a
    $$;

-- As before (V5); who waits for a batch that nobody leased yet is undecided too.
create or replace function undecided_people(t integer, a bigint, root integer, until_answered boolean) returns bigint
    language sql stable
    as $$
    select (
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
    ) + (
        select coalesce(sum(b.end_position - b.first_position), 0)
        from batch b
        join wave w on w.tenant_id = t and w.alert_id = a and w.wave_no = b.wave_no and w.root_wave = root
        where b.tenant_id = t and b.alert_id = a and b.first_recipient is not null and b.lease_token = 0 and not b.settled
    )
    $$;

-- Written anew they had lost it, person_of since V14: see V6.
alter function alert_people(integer, bigint) parallel safe;
alter function person_of(integer, bigint, integer) parallel safe;
alter function undecided_people(integer, bigint, integer, boolean) parallel safe;
