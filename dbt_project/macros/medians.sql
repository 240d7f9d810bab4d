{# What the days before a row say, robust against single odd days. #}

{# Median of a measure over so many rows of the partition before this one; null where there are none. #}
{% macro median_before(measure, partition, rows) -%}
    {{ return(adapter.dispatch('median_before', 'valueops')(measure, partition, rows)) }}
{%- endmacro %}

{% macro default__median_before(measure, partition, rows) -%}
    median({{ measure }}) over (
        partition by {{ partition }} order by date_day rows between {{ rows }} preceding and 1 preceding
    )
{%- endmacro %}

{% macro spark__median_before(measure, partition, rows) -%}
    percentile({{ measure }}, 0.5) over (
        partition by {{ partition }} order by date_day rows between {{ rows }} preceding and 1 preceding
    )
{%- endmacro %}

{# The expected day: the same weekday's median, lifted where the last week ran above the weeks before.
   Takes the three medians as doubles; null without a weekday of the past. It is never lowered: what was
   usual within the history is no anomaly. #}
{% macro lifted(weekday_median, week_median, weeks_median) -%}
    case when {{ weekday_median }} < 0 then 0 else {{ weekday_median }} end
    * case
        when {{ weeks_median }} > 0 and {{ week_median }} > {{ weeks_median }}
            then {{ week_median }} / {{ weeks_median }}
        else 1
    end
{%- endmacro %}
