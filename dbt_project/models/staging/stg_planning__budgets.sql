-- Budgets in their own currency; a budget delivered again counts once, the newest delivery wins.
with delivered as (

    select
        {{ or_unattributed(name_key('budgets.role')) }} as role,
        {{ name_key('budgets.team') }} as team,
        {{ name_key('budgets.model_name') }} as model_name,
        budgets.amount,
        upper(trim(budgets.currency)) as currency,
        cast(
            coalesce(budgets.soft_limit_ratio, {{ var('budget_soft_limit_ratio') }})
            as decimal(13, 12)
        ) as soft_limit_ratio,
        cast(budgets.period_start as date) as period_start,
        cast(budgets.period_end as date) as period_end,
        row_number() over (
            partition by
                budgets.period_start,
                budgets.period_end,
                lower(trim(budgets.role)),
                lower(trim(budgets.team)),
                lower(trim(budgets.model_name))
            order by
                live.load_id desc, live.delivery_sort_key desc, live.file desc,
                budgets._row_number desc
        ) as delivery_rank
    from {{ source('lake', 'budgets') }} as budgets
    inner join {{ ref('stg_lake__live_files') }} as live
        on
            budgets._file = live.file
            and budgets._dlt_load_id = live.load_id
            and live.source = 'budgets'

)

select * exclude (delivery_rank)
from delivered
where delivery_rank = 1
