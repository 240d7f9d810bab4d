-- Summed over the versions that served it, value equals the value of the feature exactly. A feature
-- without a served treatment that day has gained nothing.
with credited as (

    select
        date_day,
        feature,
        sum(value_usd) as value_usd
    from {{ ref('int_value__model_daily') }}
    group by date_day, feature

)

select
    gains.date_day,
    gains.feature,
    gains.value_usd,
    credited.value_usd as credited_value_usd
from {{ ref('int_value__feature_daily') }} as gains
full outer join credited
    on
        gains.date_day = credited.date_day
        and gains.feature = credited.feature
where
    coalesce(gains.value_usd, 0) <> coalesce(credited.value_usd, 0)
    or gains.date_day is null
