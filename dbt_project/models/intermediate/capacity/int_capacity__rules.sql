-- What the planner may choose, so that a plan made from this warehouse follows the same rules.
select
    cast({{ var('capacity_service_level') }} as double) as service_level,
    cast({{ var('capacity_spot_serving_risk') }} as double) as spot_serving_risk,
    cast({{ var('capacity_spot_restart_minutes') }} as double) as spot_restart_minutes,
    cast({{ var('capacity_spot_lost_minutes') }} as double) as spot_lost_minutes
