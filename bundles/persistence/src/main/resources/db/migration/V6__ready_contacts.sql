-- A launch copies people; it does not put them together. What a contact can be reached at, by rank, is kept ready on the
-- contact as it will be frozen: [{"kind":"mobile","address":"+33639980001"}, …]. Written with the endpoints, by whoever
-- writes those.

-- Ranked endpoints as they are frozen: kind and address, in the order given.
create function reach_of(endpoints jsonb) returns jsonb
    language sql immutable parallel safe
    as $$
    select coalesce(
        jsonb_agg(jsonb_build_object('kind', x.e -> 'kind', 'address', x.e -> 'address') order by x.rank), '[]')
    from jsonb_array_elements(endpoints) with ordinality as x(e, rank)
    $$;

alter table contact add reach jsonb not null default '[]';

update contact c set reach = e.reach
from (
    select tenant_id, contact_id,
        jsonb_agg(jsonb_build_object('kind', kind, 'address', address) order by rank) as reach
    from endpoint group by tenant_id, contact_id) e
where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id;

-- They read and nothing more: several processes may do it together. current_tenant() stands in every policy, so that
-- without this no tenant's query could ever use a second core.
alter function current_tenant() parallel safe;
alter function endpoint_kinds(text[]) parallel safe;
alter function first_address(jsonb, jsonb) parallel safe;
alter function target_state(integer, bigint, bigint, integer) parallel safe;
alter function observed(integer, bigint) parallel safe;
alter function observed_of(integer, bigint, integer, integer) parallel safe;
alter function person_state(boolean, boolean, boolean, boolean, boolean, boolean) parallel safe;
alter function kinds_of_later_steps(integer, bigint) parallel safe;
alter function alert_people(integer, bigint) parallel safe;
alter function person_of(integer, bigint, integer) parallel safe;
alter function alert_totals(integer, bigint) parallel safe;
alter function undecided_people(integer, bigint, integer, boolean) parallel safe;
