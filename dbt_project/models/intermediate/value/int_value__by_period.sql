-- Cost joined to value per model version, for each month and for the days before the as-of day by
-- which verdicts are given. Measured value (against a control group) carries a 95 % interval from
-- the variance between days; declared value is revenue as reported, carries none, and is never
-- added to measured value.
{% set z95 = 1.959963984540054 %}

with days as (

    select date_day
    from {{ ref('int_value__feature_daily') }}
    union
    select date_day
    from {{ ref('int_cost__loaded_daily') }}

),

periods as (

    select
        'month' as period_kind,
        cast(date_trunc('month', date_day) as date) as period_start,
        date_day
    from days
    union all
    select
        'trailing' as period_kind,
        cast({{ as_of_day() }} - interval '{{ var("verdict_days") - 1 }} days' as date)
            as period_start,
        date_day
    from days
    where
        date_day > cast({{ as_of_day() }} - interval '{{ var("verdict_days") }} days' as date)
        and date_day <= {{ as_of_day() }}

),

credited as (

    select
        periods.period_kind,
        periods.period_start,
        credited.date_day,
        credited.feature,
        credited.model_name,
        credited.model_version,
        credited.value_method,
        credited.value_usd,
        credited.treatment_conversions,
        credited.incremental_conversions,
        credited.incremental_retained_users,
        cast(credited.split_share as double) as split_share,
        gains.conversions_variance,
        gains.retained_variance
    from {{ ref('int_value__model_daily') }} as credited
    inner join {{ ref('int_value__feature_daily') }} as gains
        on
            credited.date_day = gains.date_day
            and credited.feature = gains.feature
    inner join periods
        on credited.date_day = periods.date_day

),

by_feature as (

    select
        period_kind,
        period_start,
        feature,
        model_name,
        model_version,
        value_method,
        sum(value_usd) as value_usd,
        sum(treatment_conversions) as conversions,
        sum(incremental_conversions) as incremental_conversions,
        sum(incremental_retained_users) as incremental_retained_users,
        -- the variance of a sum of days, each drawn with the variance seen between days
        count(*) * var_samp(cast(value_usd as double)) as value_variance,
        sum(split_share * split_share * conversions_variance) as conversions_variance,
        sum(split_share * split_share * retained_variance) as retained_variance
    from credited
    group by period_kind, period_start, feature, model_name, model_version, value_method

),

measured as (

    select
        period_kind,
        period_start,
        model_name,
        model_version,
        cast(sum(value_usd) as decimal(38, 12)) as value_usd,
        cast(sum(incremental_conversions) as decimal(38, 12)) as incremental_conversions,
        cast(sum(incremental_retained_users) as decimal(38, 12)) as incremental_retained_users,
        case when count(value_variance) = count(*) then sqrt(sum(value_variance)) end
            as value_error_usd,
        sqrt(sum(conversions_variance)) as conversions_error,
        sqrt(sum(retained_variance)) as retained_error
    from by_feature
    where value_method = 'measured'
    group by period_kind, period_start, model_name, model_version

),

declared as (

    select
        period_kind,
        period_start,
        model_name,
        model_version,
        cast(sum(value_usd) as decimal(38, 12)) as value_usd,
        cast(sum(conversions) as decimal(38, 12)) as conversions
    from by_feature
    where value_method = 'declared'
    group by period_kind, period_start, model_name, model_version

),

costs as (

    select
        periods.period_kind,
        periods.period_start,
        costs.model_name,
        costs.model_version,
        cast(sum(costs.cost_usd) as decimal(38, 12)) as cost_usd
    from {{ ref('int_cost__loaded_daily') }} as costs
    inner join periods
        on costs.date_day = periods.date_day
    group by
        periods.period_kind, periods.period_start, costs.model_name, costs.model_version

),

keys as (

    select
        period_kind,
        period_start,
        model_name,
        model_version
    from costs
    union
    select
        period_kind,
        period_start,
        model_name,
        model_version
    from measured
    union
    select
        period_kind,
        period_start,
        model_name,
        model_version
    from declared

),

joined as (

    select
        keys.period_kind,
        keys.period_start,
        keys.model_name,
        keys.model_version,
        cast(coalesce(costs.cost_usd, 0) as decimal(38, 12)) as cost_usd,
        case
            when measured.period_start is not null then 'measured'
            when declared.period_start is not null then 'declared'
            else 'none'
        end as value_method,
        coalesce(measured.value_usd, declared.value_usd) as value_usd,
        declared.value_usd as declared_value_usd,
        measured.value_error_usd,
        measured.incremental_conversions,
        measured.incremental_retained_users,
        measured.conversions_error,
        measured.retained_error,
        coalesce(measured.incremental_conversions, declared.conversions) as paid_conversions
    from keys
    left join costs
        on
            keys.period_kind = costs.period_kind
            and keys.period_start = costs.period_start
            and keys.model_name = costs.model_name
            and keys.model_version = costs.model_version
    left join measured
        on
            keys.period_kind = measured.period_kind
            and keys.period_start = measured.period_start
            and keys.model_name = measured.model_name
            and keys.model_version = measured.model_version
    left join declared
        on
            keys.period_kind = declared.period_kind
            and keys.period_start = declared.period_start
            and keys.model_name = declared.model_name
            and keys.model_version = declared.model_version

)

select
    period_kind,
    period_start,
    model_name,
    model_version,
    cost_usd,
    value_usd,
    {{ decimal_ratio('value_usd - cost_usd', 'cost_usd') }} as roi,
    cast(value_usd - cast({{ z95 }} * value_error_usd as decimal(38, 6)) as decimal(38, 12))
        as value_low_usd,
    cast(value_usd + cast({{ z95 }} * value_error_usd as decimal(38, 6)) as decimal(38, 12))
        as value_high_usd,
    incremental_conversions,
    cast(cast(incremental_conversions as double) - {{ z95 }} * conversions_error as decimal(38, 12))
        as incremental_conversions_low,
    cast(cast(incremental_conversions as double) + {{ z95 }} * conversions_error as decimal(38, 12))
        as incremental_conversions_high,
    incremental_retained_users,
    cast(cast(incremental_retained_users as double) - {{ z95 }} * retained_error as decimal(38, 12))
        as incremental_retained_users_low,
    cast(cast(incremental_retained_users as double) + {{ z95 }} * retained_error as decimal(38, 12))
        as incremental_retained_users_high,
    case
        when paid_conversions > 0 then {{ decimal_ratio('cost_usd', 'paid_conversions') }}
    end as cost_per_conversion_usd,
    value_method,
    declared_value_usd
from joined
