-- contracts: a check, made again wider in the same step: whatever an older release writes passes it as before. That release refuses to
-- resolve a list of the new kind, rather than alert the wrong people.

alter table contact_list drop constraint contact_list_kind_check;
alter table contact_list add constraint contact_list_kind_check check (kind in ('static', 'tags', 'nested', 'area'));
alter table contact_list add constraint contact_list_area_check check ((kind = 'area') = (area is not null));
