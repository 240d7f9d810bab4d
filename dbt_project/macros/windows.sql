{# The last or first known value of a window, for use before `over`; engines put the words elsewhere. #}
{% macro last_known(expression) -%}
    {{ return(adapter.dispatch('last_known', 'valueops')(expression)) }}
{%- endmacro %}

{% macro default__last_known(expression) -%}
    last_value({{ expression }} ignore nulls)
{%- endmacro %}

{% macro spark__last_known(expression) -%}
    last_value({{ expression }}) ignore nulls
{%- endmacro %}

{% macro first_known(expression) -%}
    {{ return(adapter.dispatch('first_known', 'valueops')(expression)) }}
{%- endmacro %}

{% macro default__first_known(expression) -%}
    first_value({{ expression }} ignore nulls)
{%- endmacro %}

{% macro spark__first_known(expression) -%}
    first_value({{ expression }}) ignore nulls
{%- endmacro %}
