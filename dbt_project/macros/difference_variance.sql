{# Variance of (treatment rate - control rate) x treatment count for two independent proportions:
   n_t^2 x (p_t (1 - p_t) / n_t + p_c (1 - p_c) / n_c). #}
{% macro difference_variance(successes, trials) -%}
    {%- set p_t = 'treatment_' ~ successes ~ ' / cast(treatment_' ~ trials ~ ' as double)' -%}
    {%- set p_c = 'control_' ~ successes ~ ' / cast(control_' ~ trials ~ ' as double)' -%}
    power(cast(treatment_{{ trials }} as double), 2) * (
        ({{ p_t }}) * (1 - {{ p_t }}) / treatment_{{ trials }}
        + ({{ p_c }}) * (1 - {{ p_c }}) / control_{{ trials }}
    )
{%- endmacro %}
