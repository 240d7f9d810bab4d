select cast(null as date) as date_day, '' as resource_key, '' as model_name,
    '' as model_version, '' as endpoint, cast(0 as bigint) as held_us
where false
