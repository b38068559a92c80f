-- What faxes print beside texts: PDFs of a tenant's.

-- By content, the SHA-256 of its bytes its name. An alert that was launched names it so; it stays when the document is replaced or
-- removed.
create table document_content (
    tenant_id integer not null references tenant,
    sha256    bytea not null check (octet_length(sha256) = 32),
    pdf       bytea not null check (octet_length(pdf) between 1 and 20971520),
    pages     integer not null check (pages between 1 and 100),
    kept_at   timestamptz not null default now(),
    primary key (tenant_id, sha256)
);
-- A PDF is compressed already, and is read in stretches: of what is not compressed, only those are.
alter table document_content alter column pdf set storage external;

-- What a name means now.
create table document (
    tenant_id  integer not null,
    slug       text not null,
    name       text not null,
    sha256     bytea not null,
    updated_by text not null,
    updated_at timestamptz not null,
    primary key (tenant_id, slug),
    foreign key (tenant_id, sha256) references document_content
);

-- What no name means any more goes after a day, unless an alert that was launched names it: infinity. A launch that is under way may still
-- name what was unnamed a moment ago.
alter table document_content add column unused_since timestamptz;
alter table sound add column unused_since timestamptz;

call bind_to_tenant('document_content');
call bind_to_tenant('document');
