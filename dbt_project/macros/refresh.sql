{# How the warehouse grows: delete what new loads touch, build it again, leave the rest. #}

{# The relation of an earlier refresh, or none in a new warehouse. Not a ref: it is read before it is
   rebuilt. #}
{% macro earlier(schema, identifier) -%}
    {%- if execute -%}
        {{ return(adapter.get_relation(database=target.database, schema=schema, identifier=identifier)) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{# Pre-hook: removes every row of the days to be rebuilt, also of those that no new row replaces. #}
{% macro forget_days(scope, day) -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where {{ day }} in ({{ affected_days(scope) }})
    {%- endif -%}
{%- endmacro %}

{# The days to be rebuilt, as a subquery. #}
{% macro affected_days(scope) -%}
    select date_day from {{ ref('int_refresh__affected_days') }} where scope = '{{ scope }}'
{%- endmacro %}

{# Where-clause of an incremental model: only the days to be rebuilt. #}
{% macro affected_days_only(scope, day) -%}
    {%- set days = affected_days(scope) -%}
    {%- if is_incremental() -%}
        and {{ day }} in ({{ days }})
    {%- endif -%}
{%- endmacro %}

{# The same with the days beside them: what lasts over midnight needs its neighbours to be read. #}
{% macro affected_days_and_neighbours(scope, day, moment) -%}
    {%- set days = affected_days(scope) -%}
    {%- if is_incremental() -%}
        {{ within_affected_days(scope, moment) }}
        and {{ day }} in (
            select cast(affected.date_day + step.days * interval '1 day' as date)
            from ({{ days }}) as affected
            cross join (values (-1), (0), (1)) as step (days)
        )
    {%- endif -%}
{%- endmacro %}

{# The span of the days to be rebuilt and their neighbours, as literals on the moment as stored: a scan
   of the lake then passes over the row groups of other days, which it cannot for days that it finds by
   a query. #}
{% macro within_affected_days(scope, moment) -%}
    {%- if execute -%}
        {%- set span = run_query(
            "select min(date_day) - interval '1 day', max(date_day) + interval '2 days' from ("
            ~ affected_days(scope) ~ ") as days"
        ).rows[0] -%}
        {%- if span[0] is none -%}
            and false
        {%- else -%}
            and {{ moment }} >= cast('{{ span[0] }}' as timestamp)
            and {{ moment }} < cast('{{ span[1] }}' as timestamp)
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# Where-clause of a table that feeds an incremental model of the given name. #}
{% macro affected_days_for(model_name, scope, day) -%}
    {%- set days = affected_days(scope) -%}
    {%- if earlier('intermediate', model_name) and not flags.FULL_REFRESH -%}
        and {{ day }} in ({{ days }})
    {%- endif -%}
{%- endmacro %}
