{{ config(materialized='table') }}

-- The version of each file that counts: the newest complete one, else the newest there is.
with versions as (

    select
        source,
        file,
        delivery,
        delivery_sort_key,
        load_id,
        is_complete,
        row_number() over (
            partition by source, file
            order by is_complete desc, load_id desc
        ) as version_rank
    from {{ ref('stg_lake__load_ledger') }}

)

select
    source,
    file,
    delivery,
    delivery_sort_key,
    load_id,
    is_complete
from versions
where version_rank = 1
