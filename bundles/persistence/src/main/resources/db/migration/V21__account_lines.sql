-- The lines of an account that several nodes have open: who may have how many messages under way at once, and how many they
-- could have. All together never hold more than there are. A lease each: what a node held that died comes back when it ends.
create table account_lines (
    account_id integer not null,
    -- a lane of a node: its name, its incarnation and which of its lanes
    holder     text not null,
    held       integer not null,
    wanted     integer not null,
    until      timestamptz not null,
    primary key (account_id, holder)
) with (fillfactor = 50);
grant select, insert, update, delete on account_lines to tocsin_engine;
