-- What both sides of a change were worth on the days they are judged by: measured value where both
-- have it, else declared. The two are never compared with each other.
{% set sides = [('before', 'not days.is_after'), ('after', 'days.is_after')] %}

with by_method as (

    select
        days.model_name,
        days.from_version,
        days.to_version,
        credited.value_method,
        {% for side, condition in sides %}
        cast(sum(case when {{ condition }} then credited.value_usd end) as decimal(38, 12))
            as value_{{ side }}_usd{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_versions__change_days') }} as days
    inner join {{ ref('int_value__model_daily') }} as credited
        on
            days.model_name = credited.model_name
            and credited.model_version
            = case when days.is_after then days.to_version else days.from_version end
            and days.date_day = credited.date_day
    group by days.model_name, days.from_version, days.to_version, credited.value_method

),

ranked as (

    select
        *,
        row_number() over (
            partition by model_name, from_version, to_version order by value_method desc
        ) as method_rank
    from by_method
    where
        value_before_usd is not null
        and value_after_usd is not null

)

select
    model_name,
    from_version,
    to_version,
    -- 'measured' sorts after 'declared'
    value_method,
    value_before_usd,
    value_after_usd
from ranked
where method_rank = 1
