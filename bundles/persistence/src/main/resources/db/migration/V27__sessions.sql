-- What one sign-in began: its tokens follow one another, and end together. The defaults serve nodes that do not know sessions yet.
alter table bearer_token
    add column session_id       uuid not null default gen_random_uuid(),
    add column session_began_at timestamptz not null default now();
update bearer_token set session_began_at = issued_at;
create index on bearer_token (session_id);
