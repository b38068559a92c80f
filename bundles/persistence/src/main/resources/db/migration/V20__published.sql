-- Published is not reached: what a channel that publishes accepted is counted beside the law, as what is flagged is.

-- Channels that said of themselves that they publish. Nothing is ever taken back: what was published stays published.
create table channel_publishes (channel text primary key);
grant select on channel_publishes to tocsin_app;
grant select, insert on channel_publishes to tocsin_engine;

-- Kept with what the attempts of an alert said, when they are dropped.
alter table alert_result add column published bigint not null default 0;

-- Of the recipients, those with a publication that was accepted. Of an alert without a wave of such a channel nobody looks at
-- attempts, nor plans to: boards ask this every second. Else at those of that wave only, by index (the fence: a planner without
-- statistics would read all).
create function alert_published(t integer, a bigint) returns bigint
    language plpgsql stable parallel safe
    as $$
declare
    kept bigint := coalesce((select k.published from alert_result k where k.tenant_id = t and k.alert_id = a), 0);
begin
    if not exists (
        select from wave w join channel_publishes c on c.channel = w.channel where w.tenant_id = t and w.alert_id = a) then
        return kept;
    end if;
    return greatest(kept, (
        select count(distinct p.recipient_no)
        from alert l
        join wave w on w.tenant_id = l.tenant_id and w.alert_id = l.alert_id
        join channel_publishes c on c.channel = w.channel
        cross join lateral (
            select x.recipient_no
            from attempt o
            join target x on x.tenant_id = t and x.alert_id = a and x.wave_no = w.wave_no and x."position" = o."position"
            where o.tenant_id = t and o.alert_id = a and o.wave_no = w.wave_no and o.kind = 'accepted'
              and o.at >= l.launched_at - interval '1 day'
            offset 0
        ) p
        where l.tenant_id = t and l.alert_id = a));
end
$$;

-- As before (V8), and what was published.
create or replace function keep_result(t integer, a bigint) returns void
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
    insert into alert_result (tenant_id, alert_id, kept_at, published) values (t, a, now(), alert_published(t, a))
    on conflict (tenant_id, alert_id) do update set kept_at = excluded.kept_at, published = excluded.published;
end
$$;
