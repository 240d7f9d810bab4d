-- Roles that answer for a budget
select distinct role
from marts.fct_budget_status
order by role
