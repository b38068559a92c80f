-- Where a node stands and what it runs, as it said when it last started: which site, where its cluster listens, which release.
-- Empty until it said so, and for nodes of a release before.
alter table node add column site text;
alter table node add column address text;
alter table node add column version text;
