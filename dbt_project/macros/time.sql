{# Time arithmetic that engines spell differently. All times are UTC without a zone. #}

{% macro micros_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('micros_between', 'valueops')(start_at, end_at)) }}
{%- endmacro %}

{% macro default__micros_between(start_at, end_at) -%}
    (epoch_us({{ end_at }}) - epoch_us({{ start_at }}))
{%- endmacro %}

{% macro spark__micros_between(start_at, end_at) -%}
    (unix_micros({{ end_at }}) - unix_micros({{ start_at }}))
{%- endmacro %}

{# Whole days from one date to a later one; negative where it is earlier. #}
{% macro days_between(first, last) -%}
    {{ return(adapter.dispatch('days_between', 'valueops')(first, last)) }}
{%- endmacro %}

{% macro default__days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__days_between(first, last) -%}
    datediff({{ last }}, {{ first }})
{%- endmacro %}

{% macro plus_micros(at, micros) -%}
    {{ return(adapter.dispatch('plus_micros', 'valueops')(at, micros)) }}
{%- endmacro %}

{% macro default__plus_micros(at, micros) -%}
    ({{ at }} + to_microseconds({{ micros }}))
{%- endmacro %}

{% macro spark__plus_micros(at, micros) -%}
    timestamp_micros(unix_micros({{ at }}) + {{ micros }})
{%- endmacro %}

{# One row per step between two bounds, both included; unit is day, hour or 5 minute. #}
{% macro each_step(first, last, step) -%}
    {{ return(adapter.dispatch('each_step', 'valueops')(first, last, step)) }}
{%- endmacro %}

{% macro default__each_step(first, last, step) -%}
    unnest(generate_series(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval '{{ step }}'))
{%- endmacro %}

{% macro spark__each_step(first, last, step) -%}
    explode(sequence(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval {{ step }}))
{%- endmacro %}

{# The start of the 5 minutes that hold a timestamp. #}
{% macro five_minutes_of(at) -%}
    {{ return(adapter.dispatch('five_minutes_of', 'valueops')(at)) }}
{%- endmacro %}

{% macro default__five_minutes_of(at) -%}
    time_bucket(interval '5 minutes', {{ at }})
{%- endmacro %}

{% macro spark__five_minutes_of(at) -%}
    timestamp_micros(unix_micros({{ at }}) - unix_micros({{ at }}) % 300000000)
{%- endmacro %}

{# n x part / whole rounded down, in whole numbers that do not overflow. #}
{% macro whole_share(n, part, whole) -%}
    {{ return(adapter.dispatch('whole_share', 'valueops')(n, part, whole)) }}
{%- endmacro %}

{% macro default__whole_share(n, part, whole) -%}
    cast((cast({{ n }} as hugeint) * cast({{ part }} as hugeint)) // cast({{ whole }} as hugeint) as bigint)
{%- endmacro %}

{% macro spark__whole_share(n, part, whole) -%}
    cast((cast({{ n }} as decimal(20, 0)) * cast({{ part }} as decimal(18, 0))) div {{ whole }} as bigint)
{%- endmacro %}

{# Microseconds to the next row of a series; null where the next one is not within the day after. So a
   day depends on its two neighbours only, and a rebuild of three days gives what a full build gives. #}
{% macro gap_to_next(at, next_at) -%}
    case
        when cast({{ next_at }} as date) <= cast({{ at }} as date) + interval '1 day'
            then {{ micros_between(at, next_at) }}
    end
{%- endmacro %}
