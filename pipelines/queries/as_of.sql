-- The newest day with billing data, by which reports are named.
select as_of_date
from ops.build_info
