-- Which nodes work on this schema, and up to which of its steps each knows it: nothing is taken away that one of them may use.
create table schema_use (
    node  text primary key,
    knows integer not null,
    seen  timestamptz not null
);
-- Up to which step a node must know the schema to work on it: raised before something is taken away. Empty: nothing was yet.
create table schema_floor (
    one   boolean primary key default true check (one),
    knows integer not null
);
grant select, insert, update, delete on schema_use to tocsin_engine;
grant select on schema_floor to tocsin_engine;
