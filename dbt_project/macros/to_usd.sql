{# Money in US dollars, or null where no rate is known: amounts of different currencies are never added. #}
{% macro to_usd(amount, currency) -%}
    case when {{ currency }} = 'USD' then {{ amount }} end
{%- endmacro %}
