-- What a key was used for beside a launch: the wave a relaunch opened, so that its repetition answers the same.
alter table idempotency add wave_no integer, add targets integer;
