-- Each moment of retrying opens a wave. People read them by step, as often as they look, without anybody's tries being counted again.
alter table wave
    -- of a retry or resend: how many of its people were not in an earlier one of its kind and root_wave
    add column people    integer,
    -- and which tries at their address these are; null, like people: opened by a node that does not count them
    add column first_try smallint,
    add column last_try  smallint;

-- What is told in one line: a step of the cascade or a relaunch, its retries, its resends. The number is the first wave's.
create function waves_by_step(t integer, a bigint)
    returns table (wave_no integer, kind text, root_wave integer, step integer, channel text, rules text[], targets integer,
        opened_at timestamptz, last_opened_at timestamptz, deadline timestamptz, closed boolean, waves integer,
        people integer, first_try integer, last_try integer)
    language sql stable parallel safe
    as $$
    select g.wave_no, g.kind, g.root_wave, g.step, g.channel, g.rules, g.targets, g.opened_at, g.last_opened_at, g.deadline,
        g.closed, g.waves,
        case when g.counted then g.people else o.people end,
        case when g.counted then g.first_try else o.first_try end,
        case when g.counted then g.last_try else o.last_try end
    from (
        select min(w.wave_no) as wave_no, w.kind, w.root_wave, min(w.step) as step, min(w.channel) as channel,
            array_agg(distinct w.rule order by w.rule) as rules, sum(w.targets)::integer as targets,
            min(w.opened_at) as opened_at, max(w.opened_at) as last_opened_at, max(w.deadline) as deadline,
            bool_and(w.closed_at is not null) as closed, count(*)::integer as waves,
            bool_and(w.people is not null or w.wave_no = w.root_wave) as counted,
            sum(case when w.wave_no = w.root_wave then w.targets else w.people end)::integer as people,
            min(coalesce(w.first_try, 1))::integer as first_try, max(coalesce(w.last_try, 1))::integer as last_try
        from wave w
        where w.tenant_id = t and w.alert_id = a
        group by w.root_wave, w.kind
    ) g
    left join lateral (
        select count(distinct x.recipient_no)::integer as people, min(x.try_no)::integer as first_try,
            max(x.try_no)::integer as last_try
        from wave w
        join target x on x.tenant_id = t and x.alert_id = a and x.wave_no = w.wave_no
        where not g.counted and w.tenant_id = t and w.alert_id = a and w.root_wave = g.root_wave and w.kind = g.kind
    ) o on true
    $$;
