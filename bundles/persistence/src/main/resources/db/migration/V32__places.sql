-- Where people live.

-- WGS 84 in decimal degrees, both or none. Not numeric: its comparisons are not leakproof, so that under row-level security no index on it
-- would be used (see V2 on tags); those of double precision are.
alter table contact
    add latitude double precision check (latitude between -90 and 90),
    add longitude double precision check (longitude between -180 and 180),
    add constraint contact_place check ((latitude is null) = (longitude is null));

-- Serves the box around an area; who is in the box is then asked one by one.
create index contact_by_place on contact (tenant_id, latitude, longitude)
    where state = 'active' and latitude is not null;

-- {"polygon": [{"latitude": …, "longitude": …}, …]} or {"centre": {…}, "radiusMetres": …}
alter table contact_list add area jsonb;
