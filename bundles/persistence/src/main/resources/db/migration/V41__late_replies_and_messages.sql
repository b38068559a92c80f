-- A reply that answers an earlier alert although a later one, which asks nothing, had written to the same person since: which one that was.
alter table inbound_message add column later_alert_id bigint;
create index replies_passed_on on inbound_message (tenant_id, later_alert_id) where later_alert_id is not null;

-- Of the observations counted, how many messages they are of: a long SMS is several parts, and each is observed. A receipt is counted as its
-- message's with the first part. Null: counted, at least partly, by a node that did not tell them apart.
alter table tally add column messages bigint;
