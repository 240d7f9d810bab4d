{# Amounts as people read them, in the words of a verdict. #}

{% macro dollars(amount) -%}
    cast(cast({{ amount }} as decimal(38, 2)) as varchar)
{%- endmacro %}

{% macro percent(ratio) -%}
    cast(cast(100 * cast({{ ratio }} as decimal(24, 12)) as decimal(24, 0)) as varchar)
{%- endmacro %}

{% macro times(ratio) -%}
    cast(cast({{ ratio }} as decimal(24, 2)) as varchar)
{%- endmacro %}
