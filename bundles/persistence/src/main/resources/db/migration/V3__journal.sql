-- Who did what to which object from where. Append-only, hash-chained per tenant; tenant 0 is the platform itself.

create table journal (
    tenant_id   integer not null,
    seq         bigint not null,
    at          timestamptz not null,
    actor       text not null,
    door        text not null,
    origin      text not null,
    action      text not null,
    object_type text not null,
    object_id   text not null,
    details     jsonb not null,
    previous    bytea not null,
    hash        bytea not null,
    primary key (tenant_id, seq)
);
create index journal_object on journal (tenant_id, object_type, object_id, seq);

create table journal_head (
    tenant_id integer primary key,
    seq       bigint not null,
    hash      bytea not null
);

call bind_to_tenant('journal');
call bind_to_tenant('journal_head');
revoke update, delete on journal from tocsin_app, tocsin_engine;
revoke delete on journal_head from tocsin_app, tocsin_engine;
