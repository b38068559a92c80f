-- Keys of agencies and operators, when each key was last used, which settings name a login at a carrier, and what
-- readiness writes to know that writing works.

alter table api_key add column last_used_at timestamptz;
-- A key belongs to a tenant (with its agency), to an agency (tenant_id null), or to the operator (both null).
create index on api_key (agency_id) where tenant_id is null;

-- The settings that together name an account's login at its carrier, as the channel said when it was last here:
-- asked also while it is away. "port=2775" is a setting and what it is when nobody writes it.
create table channel_login (
    channel  text primary key,
    settings text[] not null
);
grant select, insert, update on channel_login to tocsin_engine;

-- One row a node, written now and then: a database that answers and cannot write is told from one that can.
create table write_probe (
    node       text primary key,
    written_at timestamptz not null
);
grant select, insert, update on write_probe to tocsin_engine;

-- Old keys of launches are looked for by age, across tenants.
create index on idempotency (created_at);
