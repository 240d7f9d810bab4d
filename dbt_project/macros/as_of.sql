{# The newest day with billing data: what "as of" means. The wall clock never enters a mart. #}
{% macro as_of_day() -%}
    (select max(billed.date_day) from {{ ref('int_billing__charge_days') }} as billed)
{%- endmacro %}
