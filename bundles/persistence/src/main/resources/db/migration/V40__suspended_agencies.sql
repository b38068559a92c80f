-- An agency may be suspended: its own people and keys stay out, its tenants go on.
alter table agency
    add column state text not null default 'active' check (state in ('active', 'suspended'));
