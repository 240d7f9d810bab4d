-- A feature's gain of the day, credited once: to the versions that served its treatment that day,
-- by their direct cost (in equal parts where none of them cost anything).
with served as (

    select
        date_day,
        feature,
        model_name,
        model_version
    from {{ ref('stg_product__kpis') }}
    where variant = 'treatment' and exposures > 0
    group by date_day, feature, model_name, model_version

),

direct_costs as (

    select
        date_day,
        model_name,
        model_version,
        cast(sum(cost_usd) as decimal(38, 12)) as direct_cost_usd
    from {{ ref('int_cost__loaded_daily') }}
    where cost_kind = 'direct'
    group by date_day, model_name, model_version

),

weighted as (

    select
        served.date_day,
        served.feature,
        served.model_name,
        served.model_version,
        greatest(coalesce(direct_costs.direct_cost_usd, 0), 0) as direct_cost_usd,
        sum(greatest(coalesce(direct_costs.direct_cost_usd, 0), 0)) over (
            partition by served.date_day, served.feature
        ) as feature_cost_usd
    from served
    left join direct_costs
        on
            served.date_day = direct_costs.date_day
            and served.model_name = direct_costs.model_name
            and served.model_version = direct_costs.model_version

),

candidates as (

    select
        weighted.date_day,
        weighted.feature,
        weighted.model_name,
        weighted.model_version,
        case
            when weighted.feature_cost_usd > 0 then weighted.direct_cost_usd
            else cast(1 as decimal(38, 12))
        end as weight,
        gains.value_method,
        cast(gains.treatment_conversions as decimal(38, 12)) as treatment_conversions,
        gains.value_usd,
        gains.incremental_conversions,
        gains.incremental_retained_users
    from weighted
    inner join {{ ref('int_value__feature_daily') }} as gains
        on
            weighted.date_day = gains.date_day
            and weighted.feature = gains.feature

)

{{ split_exactly(
    'candidates',
    group_by=['date_day', 'feature'],
    weight='weight',
    tie_break=['model_name', 'model_version'],
    keep=['value_method'],
    amounts=[
        'value_usd', 'treatment_conversions', 'incremental_conversions',
        'incremental_retained_users',
    ]
) }}
