-- By which accounts each node can send just now, as it last said: a carrier may be in one site's reach only. A node of a release
-- before says nothing; whoever asks then knows of itself only, as before. What a node that is gone said does not count: see its heartbeat.
create table node_account (
    node       text not null references node,
    account_id integer not null,
    sends      boolean not null,
    -- when that last changed
    since      timestamptz not null,
    primary key (node, account_id)
);
grant select, insert, update, delete on node_account to tocsin_engine;
