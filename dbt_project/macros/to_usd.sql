{# Money in US dollars, or null where no rate is known: amounts of different currencies are never added.

   Rounded once, half away from zero, to 12 decimals. The rate is cut into whole units and fraction,
   so that neither product leaves decimal(38): 24 + 14 digits each. #}
{% macro to_usd(amount, currency, usd_rate) -%}
    cast(
        case
            when {{ currency }} = 'USD' then {{ amount }}
            else
                cast({{ amount }} as decimal(24, 12)) * cast(floor({{ usd_rate }}) as decimal(14, 0))
                + cast(
                    cast({{ amount }} as decimal(24, 12))
                    * cast({{ usd_rate }} - floor({{ usd_rate }}) as decimal(14, 12)) as decimal(38, 12)
                )
        end as decimal(38, 12)
    )
{%- endmacro %}
