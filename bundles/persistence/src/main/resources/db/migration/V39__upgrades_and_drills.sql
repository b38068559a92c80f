-- Which nodes work on this schema, and up to which of its steps each knows it: nothing is taken away that one of them may use.
create table schema_use (
    node  text primary key,
    knows integer not null,
    seen  timestamptz not null
);
-- Up to which step a node must know the schema to work on it: raised before something is taken away.
create table schema_floor (
    one   boolean primary key default true check (one),
    knows integer not null
);
insert into schema_floor (knows) values (0);
grant select, insert, update, delete on schema_use to tocsin_engine;
grant select on schema_floor to tocsin_engine;

-- Who drilled which runbook of the operator's, and how it went. Appended: what was drilled stays drilled.
create table drill (
    id      bigint generated always as identity primary key,
    runbook text not null,
    at      timestamptz not null,
    actor   text not null,
    done    boolean not null,
    millis  bigint check (millis >= 0),
    note    text not null
);
create index drills_of on drill (runbook, at desc);
grant select, insert on drill to tocsin_engine;
