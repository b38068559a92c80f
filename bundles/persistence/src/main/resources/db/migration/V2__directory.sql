-- Who can be reached, how, and why we may.

create table contact (
    tenant_id   integer not null references tenant,
    contact_id  bigint generated always as identity,
    external_id text not null,
    first_name  text not null default '',
    last_name   text not null default '',
    language    text not null,
    household   text,
    tags        text[] not null default '{}',
    variables   jsonb not null default '{}',
    origin      text not null,
    legal_basis text not null,
    state       text not null default 'active' check (state in ('active', 'removed')),
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     integer not null default 0,
    primary key (tenant_id, contact_id),
    unique (tenant_id, external_id)
);
-- No index on tags: array operators are not leakproof, so that under row-level security none would ever be used.
create index contact_household on contact (tenant_id, household) where household is not null;

-- rank 1 is tried first; kind is what a channel declares it can reach: mobile, landline, email, fax
create table endpoint (
    tenant_id   integer not null,
    contact_id  bigint not null,
    rank        smallint not null,
    kind        text not null,
    address     text not null,
    written_as  text not null,
    origin      text not null,
    legal_basis text not null,
    primary key (tenant_id, contact_id, rank),
    unique (tenant_id, contact_id, kind, address),
    foreign key (tenant_id, contact_id) references contact on delete cascade
);
create index endpoint_address on endpoint (tenant_id, address);

create table contact_list (
    tenant_id  integer not null references tenant,
    list_id    integer generated always as identity,
    slug       text not null,
    name       text not null,
    kind       text not null check (kind in ('static', 'tags', 'nested')),
    all_tags   text[] not null default '{}',
    any_tags   text[] not null default '{}',
    none_tags  text[] not null default '{}',
    includes   text[] not null default '{}',
    excludes   text[] not null default '{}',
    updated_at timestamptz not null default now(),
    version    integer not null default 0,
    primary key (tenant_id, list_id),
    unique (tenant_id, slug)
);

create table list_member (
    tenant_id  integer not null,
    list_id    integer not null,
    contact_id bigint not null,
    primary key (tenant_id, list_id, contact_id),
    foreign key (tenant_id, list_id) references contact_list on delete cascade,
    foreign key (tenant_id, contact_id) references contact on delete cascade
);
create index on list_member (tenant_id, contact_id);

create table import_run (
    tenant_id   integer not null references tenant,
    import_id   bigint generated always as identity,
    source      text not null,
    file_name   text not null,
    file_sha256 bytea not null,
    mapping     jsonb not null,
    dry_run     boolean not null,
    state       text not null check (state in ('queued', 'running', 'done', 'failed', 'rolled-back')),
    problem     text,
    rows_read   integer not null default 0,
    added       integer not null default 0,
    changed     integer not null default 0,
    unchanged   integer not null default 0,
    removed     integer not null default 0,
    rejected    integer not null default 0,
    started_by  text not null,
    started_at  timestamptz not null default now(),
    -- said every second by the node that runs it: a run that falls silent died with its node
    beat_at     timestamptz not null default now(),
    ended_at    timestamptz,
    primary key (tenant_id, import_id)
);

create index import_open on import_run (beat_at) where state in ('queued', 'running');

-- outcome: rejected (the row), partial (taken without this value), notice (taken whole)
create table import_row_error (
    tenant_id  integer not null,
    import_id  bigint not null,
    row_number integer not null,
    field      text not null,
    problem    text not null,
    outcome    text not null check (outcome in ('rejected', 'partial', 'notice')),
    foreign key (tenant_id, import_id) references import_run on delete cascade
);
create index on import_row_error (tenant_id, import_id, row_number);

-- What a contact was before an import touched it (null: it did not exist): what a rollback restores, as long as the
-- contact still has the version the import left it with.
create table import_change (
    tenant_id  integer not null,
    import_id  bigint not null,
    contact_id bigint not null,
    before     jsonb,
    after_version integer not null,
    primary key (tenant_id, import_id, contact_id),
    foreign key (tenant_id, import_id) references import_run on delete cascade
);

create index on import_change (tenant_id, contact_id);

do $$ declare t text; begin
    foreach t in array array['contact', 'endpoint', 'contact_list', 'list_member', 'import_run', 'import_row_error', 'import_change'] loop
        call bind_to_tenant(t::regclass);
    end loop;
end $$;
