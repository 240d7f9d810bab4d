{# The last UTC day a charge covers. Only usage spreads over its period; purchases, credits and taxes
   stay on the day they start, and so does usage whose period does not end after it starts. #}
{% macro charge_last_day() -%}
    case
        when lower(trim(charge_category)) = 'usage' and charge_period_end > charge_period_start
            then cast({{ plus_micros('charge_period_end', -1) }} as date)
        else cast(charge_period_start as date)
    end
{%- endmacro %}

{# What a delivery owns inside a billing period: all of it, or only the charge days it holds. #}
{% macro owned_day(first_day) -%}
    {%- if var('billing_delivery') == 'file_per_day' -%}
        {{ first_day }}
    {%- else -%}
        cast('0001-01-01' as date)
    {%- endif -%}
{%- endmacro %}
