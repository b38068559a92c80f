-- What a local exchange or a site can take: so many messages a second to numbers that begin so, on all nodes together, by
-- whatever account and for whichever alert. Of an agency (tenant_id null: for all its tenants) or of one tenant.
create table cap (
    cap_id          integer generated always as identity primary key,
    agency_id       integer not null references agency,
    tenant_id       integer references tenant,
    slug            text not null,
    -- channel types it counts; none named: all
    channels        text[] not null default '{}',
    -- E.164 with the +, digits only
    prefixes        text[] not null check (cardinality(prefixes) > 0),
    per_second      double precision not null check (per_second > 0),
    version         integer not null default 0,
    -- Up to when its permits are taken; moved in the transaction that moves a watermark, and never ahead of it.
    taken_until     timestamptz not null default 'epoch',
    -- until when life-safety, and anybody else, is waiting for a permit, as far as is known
    urgent_until    timestamptz not null default 'epoch',
    others_until    timestamptz not null default 'epoch',
    -- how many of the latest takings were for life-safety
    urgent_in_a_row integer not null default 0,
    -- what left since when, and what was measured before that: for those who watch
    counted         integer not null default 0,
    counted_from    timestamptz not null default 'epoch',
    rate_before     double precision not null default 0,
    unique nulls not distinct (agency_id, tenant_id, slug)
) with (fillfactor = 50);
create index on cap (tenant_id);

-- A tenant reads its own caps and its agency's; it writes only its own.
alter table cap enable row level security;
alter table cap force row level security;
create policy readable on cap for select to tocsin_app
    using (tenant_id = (select current_tenant())
        or tenant_id is null and agency_id = (select t.agency_id from tenant t where t.tenant_id = current_tenant()));
create policy writable on cap to tocsin_app
    using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy engine on cap to tocsin_engine using (true) with check (true);
grant select, insert, update, delete on cap to tocsin_app, tocsin_engine;

-- Which caps everybody in a batch falls under, in order; frozen when the wave opens. Their rates are read when they are needed.
alter table batch add column caps integer[] not null default '{}';
-- Those without caps are not in it, so that it costs a launch nothing and is empty where nobody is under a cap.
create index batch_capped on batch (tenant_id, alert_id, caps, wave_no, batch_no) where not settled and caps <> '{}';
