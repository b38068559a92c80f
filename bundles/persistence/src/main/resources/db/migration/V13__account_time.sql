-- Up to when the time of an account that has a rate is taken: whoever takes the next stretch sends at the whole rate in it.
create table account_time (
    account_id      integer primary key,
    taken_until     timestamptz not null,
    -- how many of the latest stretches were for life-safety
    urgent_in_a_row integer not null
) with (fillfactor = 50);
grant select, insert, update, delete on account_time to tocsin_engine;
