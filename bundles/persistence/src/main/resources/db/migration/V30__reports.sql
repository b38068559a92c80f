-- What an alert came to, counted once when it has ended: for reports, statistics and exercises beside each other. Nothing is decided by it;
-- a row that is deleted is counted again.
create table alert_figures (
    tenant_id     integer not null,
    alert_id      bigint not null,
    recipients    integer not null,
    answered      integer not null,
    delivered     integer not null,
    failed        integer not null,
    unknown       integer not null,
    pending       integer not null,
    flagged       integer not null,
    published     integer not null,
    -- seconds from the launch to the answer of one in two, of nine in ten who answered; null: nobody answered
    answer_median real,
    answer_slow   real,
    -- {"sms": 400000}: what carriers accepted, by channel
    messages      jsonb not null,
    -- [[60, reached, answered], …]: how many by how many seconds after the launch; null: what was observed is no longer kept
    reach         jsonb,
    -- [["failed", "sms", "rejected", "0x000b", 12], …]: what was last seen of whoever was not reached, the most first
    reasons       jsonb not null,
    primary key (tenant_id, alert_id)
);
call bind_to_tenant('alert_figures');

-- Until when a tenant lets its agency launch in its name. No row: never.
create table launch_consent (
    tenant_id  integer primary key references tenant,
    granted_by text not null,
    granted_at timestamptz not null,
    until      timestamptz not null,
    note       text
);
call bind_to_tenant('launch_consent');

-- The journal, read from its end by who, what and when.
create index journal_actor on journal (tenant_id, actor, seq);
create index journal_action on journal (tenant_id, action text_pattern_ops, seq);
create index journal_at on journal (tenant_id, at);
