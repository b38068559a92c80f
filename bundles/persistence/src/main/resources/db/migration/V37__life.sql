-- That a node lives: a session of its own on the primary, and how many it has begun. A life whose session is gone can be confirmed no
-- more, by whoever holds it; what it leased may then be ended by others. Empty for nodes of a release before, whose leases alone count.
alter table node add column life bigint;
-- of which incarnation: who starts again in a release before leaves the columns as they are, and has no life
alter table node add column life_incarnation bigint;
-- the server process of its session, and when that began: numbers of processes come again
alter table node add column life_process integer;
alter table node add column life_since timestamptz;
-- the latest life that others have ended
alter table node add column ended_life bigint;
