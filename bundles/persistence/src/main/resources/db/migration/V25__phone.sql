-- Signing in by telephone, and the numbers by which scenarios are chosen there.

-- An ID of digits and the Argon2id hash of a PIN. The try is counted before the PIN is looked at: however many call at once,
-- five are looked at.
create table phone_login (
    user_id      integer primary key references app_user on delete cascade,
    phone_id     text not null unique check (phone_id ~ '^[0-9]{4,10}$'),
    pin_hash     text not null,
    failures     integer not null default 0,
    locked_until timestamptz,
    changed_at   timestamptz not null
);
grant select, insert, update, delete on phone_login to tocsin_engine;

-- What is keyed for a scenario; given once and never to another: cards on walls stay true.
create table scenario_number (
    tenant_id integer not null references tenant,
    slug      text not null,
    number    integer not null check (number between 1 and 9999),
    primary key (tenant_id, slug),
    unique (tenant_id, number)
);
call bind_to_tenant('scenario_number');
revoke update, delete on scenario_number from tocsin_app;
