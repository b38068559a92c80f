-- What is said on the telephone beside texts: sounds that tenants recorded, and how their own words are said.

-- By content: 8 kHz A-law, the SHA-256 of its bytes its name. An alert that was launched names it so; it stays when the recording
-- is made anew or removed.
create table sound (
    tenant_id integer not null references tenant,
    sha256    bytea not null check (octet_length(sha256) = 32),
    alaw      bytea not null check (octet_length(alaw) > 0),
    kept_at   timestamptz not null default now(),
    primary key (tenant_id, sha256)
);
-- Sound does not compress.
alter table sound alter column alaw set storage external;

-- What a name means now.
create table recording (
    tenant_id  integer not null,
    slug       text not null,
    name       text not null,
    sha256     bytea not null,
    updated_by text not null,
    updated_at timestamptz not null,
    primary key (tenant_id, slug),
    foreign key (tenant_id, sha256) references sound
);

-- Every version is kept: an alert is spoken with the one it was launched with.
create table lexicon (
    tenant_id  integer not null references tenant,
    version    integer not null check (version > 0),
    -- [{"word":"Loue","spoken":"lou","language":"fr"}, …]
    entries    jsonb not null,
    updated_by text not null,
    updated_at timestamptz not null,
    primary key (tenant_id, version)
);

call bind_to_tenant('sound');
call bind_to_tenant('recording');
call bind_to_tenant('lexicon');
