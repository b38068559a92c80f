-- The channel types a tenant is limited to, in order; none: whatever is installed. Read when accounts are followed, scenarios
-- saved and alerts launched.
alter table tenant
    add column channels text[] not null default '{}' check (array_position(channels, null) is null);
