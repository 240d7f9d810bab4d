{# A ratio stored as exact decimal; null where the denominator is null or zero. #}
{% macro decimal_ratio(numerator, denominator) -%}
    cast(cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0) as decimal(38, 12))
{%- endmacro %}

{# Whether a text matches a regular expression anywhere. #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'valueops')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}

{# Mean of a decimal measure weighted by whole microseconds; rows without the measure do not count.
   The sums are exact, so that the mean does not depend on the order of rows. #}
{% macro weighted_mean(measure, weight) -%}
    cast(
        sum(cast({{ measure }} as decimal(19, 6)) * cast({{ weight }} as decimal(19, 0))) as double
    )
    / nullif(
        cast(
            sum(case when {{ measure }} is not null then cast({{ weight }} as decimal(19, 0)) end)
            as double
        ),
        0
    )
{%- endmacro %}

{# Mean of scores weighted by their samples, to twelve digits; one without samples counts once. Samples are
   wider than 18 digits: DuckDB multiplies narrower decimals in 64 bits, and overflows. #}
{% macro mean_score(score, samples, condition='true') -%}
    {%- set weight = 'case when ' ~ condition ~ ' then coalesce(' ~ samples ~ ', 1) end' -%}
    cast(
        cast(
            sum(cast({{ score }} as decimal(13, 12)) * cast({{ weight }} as decimal(24, 0))) as double
        )
        / nullif(cast(sum({{ weight }}) as double), 0) as decimal(13, 12)
    )
{%- endmacro %}
