-- The engine tells an operator who follows the primary and how far behind: PostgreSQL hides that from ordinary roles. It is for
-- statistics only. An owner who may not give it away (PostgreSQL 16 and later) leaves it to the database's administrator, and the
-- node says so where it matters: where its URL names more than one server.
do $$ begin
    grant pg_read_all_stats to tocsin_engine;
exception when insufficient_privilege then
    raise notice 'pg_read_all_stats is not granted to tocsin_engine: an administrator may do so';
end $$;
