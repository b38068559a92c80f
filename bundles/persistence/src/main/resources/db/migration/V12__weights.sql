-- What share of a channel somebody gets while others wait too: between agencies, and between the tenants of one.
alter table agency
    add column weight  integer not null default 1 check (weight between 1 and 100),
    add column version integer not null default 0;
alter table tenant
    add column weight integer not null default 1 check (weight between 1 and 100);
