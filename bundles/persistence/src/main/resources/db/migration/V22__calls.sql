-- Calls go on when the node that placed them dies: before anything is decided about one in doubt, its switch is asked for it.

-- Channels that said of themselves that they can ask. Written before such a channel is first used.
create table channel_reattaches (channel text primary key);
grant select, insert on channel_reattaches to tocsin_engine;

-- Messages in doubt about which somebody asks, or that somebody found under way and waits for.
create table reattach (
    tenant_id  integer not null,
    alert_id   bigint not null,
    wave_no    integer not null,
    position   integer not null,
    account_id integer not null,
    -- name and incarnation of the node that asks, or that found it; null: nobody yet
    asked_by   text,
    found      boolean not null default false,
    -- nobody asks again before
    ask_at     timestamptz not null default now(),
    -- since when somebody may ask
    since      timestamptz not null default now(),
    -- decisions about a message that is not found wait so long
    until      timestamptz not null,
    primary key (tenant_id, alert_id, wave_no, position)
);
call bind_to_tenant('reattach');
revoke insert, update, delete on reattach from tocsin_app;

-- Answers of the last moment: whoever answers stops the calls that ring for them.
create index answer_recorded on answer (tenant_id, alert_id, recorded_at);
