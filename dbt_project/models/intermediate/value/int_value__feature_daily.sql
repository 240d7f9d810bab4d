-- What a feature gained each day over its control group, and how sure that is: treatment minus
-- control rate, times treatment exposures (active users for retention). The control is that of the
-- feature and day, whatever its model.
with arms as (

    select
        date_day,
        feature,
        {% for arm in ['treatment', 'control'] %}
        {% for measure in [
            'exposures', 'conversions', 'revenue_usd', 'retained_users', 'active_users'
        ] %}
        sum(case when variant = '{{ arm }}' then {{ measure }} else 0 end)
            as {{ arm }}_{{ measure }},
        {% endfor %}
        {% endfor %}
        max(case when variant = 'control' and exposures > 0 then 1 else 0 end) as has_control
    from {{ ref('stg_product__kpis') }}
    group by date_day, feature

),

months as (

    select
        *,
        cast(date_trunc('month', date_day) as date) as month,
        max(has_control) over (
            partition by feature, date_trunc('month', date_day)
        ) as month_has_control
    from arms

)

select
    date_day,
    month,
    feature,
    case when month_has_control = 1 then 'measured' else 'declared' end as value_method,
    cast(treatment_conversions as bigint) as treatment_conversions,
    -- money is rounded to a millionth of a dollar: the rates behind it are estimates
    cast(
        cast(
            case
                when month_has_control = 0 then cast(treatment_revenue_usd as double)
                when has_control = 1 and treatment_exposures > 0
                    then cast(treatment_revenue_usd as double)
                        - cast(control_revenue_usd as double)
                        * cast(treatment_exposures as double) / cast(control_exposures as double)
                else 0
            end as decimal(38, 6)
        ) as decimal(38, 12)
    ) as value_usd,
    cast(
        case
            when has_control = 1 and treatment_exposures > 0
                then cast(treatment_conversions as double)
                    - cast(control_conversions as double)
                    * cast(treatment_exposures as double) / cast(control_exposures as double)
            when month_has_control = 1 then 0
        end as decimal(38, 12)
    ) as incremental_conversions,
    cast(
        case
            when has_control = 1 and treatment_active_users > 0 and control_active_users > 0
                then cast(treatment_retained_users as double)
                    - cast(control_retained_users as double)
                    * cast(treatment_active_users as double) / cast(control_active_users as double)
            when month_has_control = 1 then 0
        end as decimal(38, 12)
    ) as incremental_retained_users,
    -- delta method: exposures squared times the variance of the difference of two proportions
    case
        when has_control = 1 and treatment_exposures > 0
            then {{ difference_variance('conversions', 'exposures') }}
    end as conversions_variance,
    case
        when has_control = 1 and treatment_active_users > 0 and control_active_users > 0
            then {{ difference_variance('retained_users', 'active_users') }}
    end as retained_variance
from months
