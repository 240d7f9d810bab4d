-- Which teams' money a role answers for.
select distinct
    {{ name_key('roles.role') }} as role,
    {{ name_key('roles.team') }} as team
from {{ source('lake', 'roles') }} as roles
inner join {{ ref('stg_lake__live_files') }} as live
    on
        roles._file = live.file
        and roles._dlt_load_id = live.load_id
        and live.source = 'roles'
