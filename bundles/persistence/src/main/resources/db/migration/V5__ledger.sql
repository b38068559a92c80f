-- The ledger: what must reach whom, what was tried, what came back. See docs/architecture.md.
-- Immutable: recipient, target. Appended: attempt, answer. Only batch and wave change.

create sequence alert_id as bigint;
grant usage on sequence alert_id to tocsin_app, tocsin_engine;

create table alert (
    tenant_id        integer not null references tenant,
    alert_id         bigint not null default nextval('alert_id'),
    scenario_slug    text not null,
    scenario_version integer not null,
    title            text not null,
    category         smallint not null check (category between 0 and 2),
    drill            boolean not null,
    state            text not null check (state in ('running', 'paused', 'cancelled', 'closed')),
    policy           jsonb not null,
    recipients       integer not null,
    launched_by      text not null,
    launched_at      timestamptz not null,
    ended_at         timestamptz,
    primary key (tenant_id, alert_id)
);
create index on alert (tenant_id, launched_at desc);

create table alert_message (
    tenant_id integer not null,
    alert_id  bigint not null,
    channel   text not null,
    language  text not null,
    subject   text not null,
    body_text text not null,
    body_html text,
    primary key (tenant_id, alert_id, channel, language)
);

create table recipient (
    tenant_id    integer not null,
    alert_id     bigint not null,
    recipient_no integer not null,
    contact_id   bigint not null,
    name         text not null,
    language     text not null,
    variables    jsonb not null,
    -- [{"kind":"mobile","address":"+33639980001"}, …] by rank, as they were at launch
    endpoints    jsonb not null,
    primary key (tenant_id, alert_id, recipient_no)
);

create table wave (
    tenant_id  integer not null,
    alert_id   bigint not null,
    wave_no    integer not null,
    kind       text not null check (kind in ('cascade', 'retry', 'relaunch', 'resend')),
    step       integer not null,
    channel    text not null,
    rule       text not null,
    targets    integer not null,
    opened_at  timestamptz not null,
    deadline   timestamptz not null,
    closed_at  timestamptz,
    primary key (tenant_id, alert_id, wave_no)
);

create table target (
    tenant_id          integer not null,
    alert_id           bigint not null,
    wave_no            integer not null,
    position           integer not null,
    recipient_no       integer not null,
    address            text not null,
    -- the target this one takes over from, in a retry or a resend
    replaces_wave      integer,
    replaces_position  integer,
    possible_duplicate boolean not null default false,
    primary key (tenant_id, alert_id, wave_no, position)
);
create index target_recipient on target (tenant_id, alert_id, recipient_no);

create table batch (
    tenant_id      integer not null,
    alert_id       bigint not null,
    wave_no        integer not null,
    batch_no       integer not null,
    channel        text not null,
    priority       smallint not null,
    due_at         timestamptz not null,
    first_position integer not null,
    end_position   integer not null,
    watermark      integer not null,
    lease_owner    text,
    lease_token    bigint not null default 0,
    lease_until    timestamptz,
    account_id     integer,
    primary key (tenant_id, alert_id, wave_no, batch_no)
) with (fillfactor = 50);
create index batch_due on batch (channel, priority, due_at);

create table attempt (
    tenant_id  integer not null,
    alert_id   bigint not null,
    wave_no    integer not null,
    position   integer not null,
    segment    smallint not null default 0,
    segments   smallint not null default 1,
    -- accepted, retry, rejected, in-doubt, skipped; then receipts: buffered, delivered, failed, expired
    kind       text not null,
    code       text not null,
    account_id integer,
    carrier_id text,
    at         timestamptz not null,
    node       text not null
);
create index attempt_target on attempt (tenant_id, alert_id, wave_no, position);

create table carrier_ref (
    account_id integer not null,
    carrier_id text not null,
    tenant_id  integer not null,
    alert_id   bigint not null,
    wave_no    integer not null,
    position   integer not null,
    segment    smallint not null,
    at         timestamptz not null
);
create index carrier_ref_id on carrier_ref (account_id, carrier_id);

create table orphan_receipt (
    account_id integer not null,
    carrier_id text not null,
    reference  text,
    address    text,
    kind       text not null,
    code       text not null,
    at         timestamptz not null,
    seen_at    timestamptz not null
);
create index on orphan_receipt (account_id, carrier_id);
grant select, insert, update, delete on carrier_ref, orphan_receipt to tocsin_engine;

-- The first answer of a person in an alert: what stops the rest.
create table answer (
    tenant_id    integer not null,
    alert_id     bigint not null,
    recipient_no integer not null,
    choice       text not null,
    channel      text not null,
    source       text not null,
    at           timestamptz not null,
    primary key (tenant_id, alert_id, recipient_no)
);

create table tally (
    tenant_id integer not null,
    alert_id  bigint not null,
    wave_no   integer not null,
    node      text not null,
    kind      text not null,
    n         bigint not null,
    primary key (tenant_id, alert_id, wave_no, node, kind)
) with (fillfactor = 50);

do $$ declare t text; begin
    foreach t in array array['alert', 'alert_message', 'recipient', 'wave', 'target', 'batch', 'attempt', 'answer', 'tally'] loop
        call bind_to_tenant(t::regclass);
    end loop;
end $$;
revoke update, delete on recipient, target, attempt, answer from tocsin_app;
