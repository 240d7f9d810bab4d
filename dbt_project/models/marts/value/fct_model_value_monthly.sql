select
    period_start as month,
    * exclude (period_kind, period_start)
from {{ ref('int_value__by_period') }}
where period_kind = 'month'
