-- What may be launched, and the guard against launching it twice.

create table scenario (
    tenant_id   integer not null references tenant,
    scenario_id integer generated always as identity,
    slug        text not null,
    version     integer not null default 1,
    name        text not null,
    category    smallint not null check (category between 0 and 2),
    -- json, not jsonb: the order of a question's choices is part of it
    definition  json not null,
    state       text not null default 'active' check (state in ('active', 'withdrawn')),
    updated_by  text not null,
    updated_at  timestamptz not null default now(),
    primary key (tenant_id, scenario_id),
    unique (tenant_id, slug)
);

create table scenario_version (
    tenant_id   integer not null,
    scenario_id integer not null,
    version     integer not null,
    definition  json not null,
    updated_by  text not null,
    updated_at  timestamptz not null,
    primary key (tenant_id, scenario_id, version),
    foreign key (tenant_id, scenario_id) references scenario
);

create table idempotency (
    tenant_id    integer not null,
    key          text not null,
    request_hash bytea not null,
    alert_id     bigint,
    created_at   timestamptz not null default now(),
    primary key (tenant_id, key)
);

-- Alerts whose end is in the journal; sealed: the entry with the totals and the hash of the evidence is there too.
create table alert_end (
    tenant_id integer not null,
    alert_id  bigint not null,
    sealed    boolean not null,
    primary key (tenant_id, alert_id)
);

call bind_to_tenant('scenario');
call bind_to_tenant('scenario_version');
call bind_to_tenant('idempotency');
call bind_to_tenant('alert_end');
