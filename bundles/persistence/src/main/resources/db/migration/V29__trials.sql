-- Trying a scenario on oneself: who is whom in the directory, as they said themselves, and which alerts were no more than that.

create table trial_contact (
    tenant_id  integer not null references tenant,
    login      text not null,
    contact_id bigint not null,
    said_at    timestamptz not null,
    primary key (tenant_id, login),
    foreign key (tenant_id, contact_id) references contact on delete cascade
);
call bind_to_tenant('trial_contact');

create table trial (
    tenant_id integer not null,
    alert_id  bigint not null,
    login     text not null,
    primary key (tenant_id, alert_id),
    foreign key (tenant_id, alert_id) references alert
);
call bind_to_tenant('trial');
revoke update, delete on trial from tocsin_app;

-- When a scenario was last rehearsed.
create index alert_drilled on alert (tenant_id, scenario_slug, launched_at desc) where drill;
