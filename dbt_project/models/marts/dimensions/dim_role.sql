-- Which teams' money each role answers for: whose rows its file of the warehouse holds.
select
    role,
    team
from {{ ref('stg_planning__roles') }}
where
    role is not null
    and team is not null
