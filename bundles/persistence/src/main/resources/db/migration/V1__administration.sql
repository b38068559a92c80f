-- Agencies, tenants and who may do what. Two database roles besides the owner of the schema:
--   tocsin_app    sees one tenant at a time, bound by: set local tocsin.tenant = '<id>'
--   tocsin_engine sees the ledger across tenants, and the registry of tenants itself
-- Both exist before the first migration (the embedded server makes them; docs/operations.md says how elsewhere).

create function current_tenant() returns integer
    language sql stable
    as $$ select nullif(current_setting('tocsin.tenant', true), '')::integer $$;

-- Binds a table to its tenant: said once, so that no table forgets half of it.
create procedure bind_to_tenant(bound regclass)
    language plpgsql
    as $$
begin
    execute format('alter table %s enable row level security', bound);
    execute format('alter table %s force row level security', bound);
    execute format('create policy one_tenant on %s to tocsin_app '
        'using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()))', bound);
    execute format('create policy engine on %s to tocsin_engine using (true) with check (true)', bound);
    execute format('grant select, insert, update, delete on %s to tocsin_app, tocsin_engine', bound);
end
$$;

create table agency (
    agency_id  integer generated always as identity primary key,
    slug       text not null unique,
    name       text not null,
    created_at timestamptz not null default now()
);

create table tenant (
    tenant_id           integer generated always as identity primary key,
    agency_id           integer not null references agency,
    slug                text not null unique,
    name                text not null,
    kind                text not null,
    language            text not null default 'fr',
    time_zone           text not null default 'Europe/Paris',
    state               text not null default 'active' check (state in ('active', 'suspended')),
    source              text not null default 'api' check (source in ('api', 'files')),
    sms_sender          text,
    mail_sender         text,
    max_contacts        integer not null default 100000 check (max_contacts >= 0),
    max_recipients      integer not null default 100000 check (max_recipients >= 0),
    max_running_alerts  integer not null default 20 check (max_running_alerts >= 0),
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    version             integer not null default 0
);
create index on tenant (agency_id);

create table unit (
    tenant_id integer not null references tenant,
    unit_id   integer generated always as identity,
    parent_id integer,
    slug      text not null,
    name      text not null,
    primary key (tenant_id, unit_id),
    unique (tenant_id, slug),
    foreign key (tenant_id, parent_id) references unit (tenant_id, unit_id)
);

-- A user belongs to a tenant, to an agency (tenant_id null), or to the operator (both null).
create table app_user (
    user_id       integer generated always as identity primary key,
    agency_id     integer references agency,
    tenant_id     integer references tenant,
    unit_id       integer,
    login         text not null unique check (login = lower(login)),
    name          text not null,
    password_hash text,
    roles         text[] not null,
    state         text not null default 'active' check (state in ('active', 'suspended')),
    failed_logins integer not null default 0,
    locked_until  timestamptz,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    version       integer not null default 0,
    foreign key (tenant_id, unit_id) references unit (tenant_id, unit_id)
);
create index on app_user (tenant_id);

create table bearer_token (
    token_hash bytea primary key,
    user_id    integer not null references app_user on delete cascade,
    issued_at  timestamptz not null,
    expires_at timestamptz not null
);
create index on bearer_token (expires_at);

create table api_key (
    key_id      text primary key,
    agency_id   integer references agency,
    tenant_id   integer references tenant,
    label       text not null,
    secret_hash bytea not null,
    roles       text[] not null,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz,
    revoked_at  timestamptz
);
create index on api_key (tenant_id);

-- Shared by an agency (tenant_id null) or owned by a tenant. Settings hold references to secrets, never secrets.
create table carrier_account (
    account_id          integer generated always as identity primary key,
    agency_id           integer not null references agency,
    tenant_id           integer references tenant,
    slug                text not null,
    channel             text not null,
    settings            jsonb not null,
    rank                integer not null default 100,
    messages_per_second integer check (messages_per_second > 0),
    enabled             boolean not null default true,
    version             integer not null default 0,
    unique nulls not distinct (agency_id, tenant_id, slug)
);

grant select on agency, tenant to tocsin_app;
grant select, insert, update, delete
    on agency, tenant, app_user, bearer_token, api_key, carrier_account to tocsin_engine;
call bind_to_tenant('unit');

alter table app_user enable row level security;
alter table app_user force row level security;
create policy one_tenant on app_user to tocsin_app
    using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy engine on app_user to tocsin_engine using (true) with check (true);
grant select, insert, update on app_user to tocsin_app;

alter table api_key enable row level security;
alter table api_key force row level security;
create policy one_tenant on api_key to tocsin_app
    using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy engine on api_key to tocsin_engine using (true) with check (true);
grant select, insert, update on api_key to tocsin_app;

-- A tenant reads its own accounts and its agency's shared ones; it writes only its own.
alter table carrier_account enable row level security;
alter table carrier_account force row level security;
create policy readable on carrier_account for select to tocsin_app
    using (tenant_id = (select current_tenant())
        or tenant_id is null and agency_id = (select t.agency_id from tenant t where t.tenant_id = current_tenant()));
create policy writable on carrier_account to tocsin_app
    using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy engine on carrier_account to tocsin_engine using (true) with check (true);
grant select, insert, update, delete on carrier_account to tocsin_app;

-- What was last applied of each folder of tenants/ (and of _agencies/<agency>), so that a restart repeats nothing and what
-- a file no longer names can be told from what the API made.
create table tenant_folder (
    slug       text primary key,
    state      text not null check (state in ('applied', 'suspended')),
    content    bytea not null,
    made       jsonb not null,
    notices    text[] not null default '{}',
    node       text not null,
    applied_at timestamptz not null
);
grant select, insert, update, delete on tenant_folder to tocsin_engine;
