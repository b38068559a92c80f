-- person_of, with the decision due about a target looked up by its key as well. A planner without statistics expects one
-- decision in an alert and reads all that are due for each person: of 5,000 people with 50,000 decisions due, 250,000,000.
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
