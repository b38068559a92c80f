-- Secrets of carriers' accounts that people typed, sealed by a key that is on the nodes and never here (AES-256-GCM, RFC 5116). What belongs to
-- the seal beside this row is the account itself: whose it is, which, its channel and its settings. Not opened for any other.
create table sealed_secret (
    account_id integer not null references carrier_account on delete cascade,
    agency_id  integer not null references agency,
    -- null: of an account that an agency shares
    tenant_id  integer references tenant,
    setting    text not null,
    key_id     text not null,
    nonce      bytea not null,
    sealed     bytea not null,
    -- when it was typed, and by whom: sealing anew changes neither
    since      timestamptz not null,
    typed_by   text not null,
    primary key (account_id, setting)
);
create index on sealed_secret (tenant_id);
call bind_to_tenant('sealed_secret');
-- Only the engine's transactions seal and open: the application sees none, not even a tenant's own.
revoke all on sealed_secret from tocsin_app;
