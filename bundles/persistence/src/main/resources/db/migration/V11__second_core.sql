-- As V6 said of all that only read: functions written anew since then forget it.
alter function known(integer, bigint) parallel safe;
alter function alert_people(integer, bigint) parallel safe;
alter function person_of(integer, bigint, integer) parallel safe;
alter function alert_totals(integer, bigint) parallel safe;
