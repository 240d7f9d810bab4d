-- What the planner may choose, one row.
select
    service_level,
    spot_serving_risk,
    spot_restart_minutes,
    spot_lost_minutes
from intermediate.int_capacity__rules
