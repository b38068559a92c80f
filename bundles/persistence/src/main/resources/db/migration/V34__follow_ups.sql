-- Corrections and all-clears: alerts of their own, to people of an earlier one.
create table alert_follow_up (
    tenant_id   integer not null,
    alert_id    bigint not null,
    of_alert_id bigint not null,
    kind        text not null check (kind in ('correction', 'all-clear')),
    -- whom: everybody of the earlier alert, or whoever it reached or may have
    whom        text not null check (whom in ('reached', 'everybody')),
    primary key (tenant_id, alert_id),
    foreign key (tenant_id, alert_id) references alert,
    foreign key (tenant_id, of_alert_id) references alert,
    check (of_alert_id < alert_id)
);
create index follow_ups_of on alert_follow_up (tenant_id, of_alert_id);
call bind_to_tenant('alert_follow_up');
revoke update, delete on alert_follow_up from tocsin_app;
