-- Budgets in their own currency; a budget delivered again counts once, the newest delivery wins. An
-- empty team or model, and one that says `unattributed`, means all of them.
with delivered as (

    select
        {{ or_unattributed(name_key('budgets.role')) }} as role,
        nullif({{ name_key('budgets.team') }}, 'unattributed') as team,
        nullif({{ name_key('budgets.model_name') }}, 'unattributed') as model_name,
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
                cast(budgets.period_start as date),
                cast(budgets.period_end as date),
                {{ or_unattributed(name_key('budgets.role')) }},
                {{ or_unattributed(name_key('budgets.team')) }},
                {{ or_unattributed(name_key('budgets.model_name')) }}
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
