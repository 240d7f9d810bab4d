-- A name as the warehouse spells it.
select coalesce(nullif(lower(trim($name)), ''), 'unattributed') as name_key
