-- Value of the newest whole month, else of the newest month there is.
with months as (
    select
        coalesce(
            max(month) filter (where last_day(month) <= cast($last_day as date)), max(month)
        ) as month
    from marts.fct_model_value_monthly
)

select
    month,
    model_name,
    model_version,
    value_usd,
    value_low_usd,
    value_high_usd,
    roi,
    value_method
from marts.fct_model_value_monthly
inner join months using (month)
