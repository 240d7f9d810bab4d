{# Reading Slurm's own notations. #}

{# GPUs in a TRES list: `gres/gpu=8` is the total; without it the typed ones add up, as far as two types
   go. Null where the list is empty. #}
{% macro tres_gpus(tres) -%}
    case
        when {{ tres }} is null then null
        when {{ tres }} like '%gres/gpu=%'
            then cast({{ regex_group(tres, '(?:^|,)gres/gpu=([0-9]+)', 1) }} as bigint)
        else
            coalesce(cast(nullif({{ regex_group(tres, '(?:^|,)gres/gpu:[^=,]+=([0-9]+)', 1) }}, '') as bigint), 0)
            + coalesce(
                cast(
                    nullif(
                        {{ regex_group(tres, 'gres/gpu:[^=,]+=[0-9]+.*,gres/gpu:[^=,]+=([0-9]+)', 1) }}, ''
                    ) as bigint
                ),
                0
            )
    end
{%- endmacro %}

{# The GPU type a TRES list names first (`gres/gpu:h100=8` is h100), null where it names none. #}
{% macro tres_gpu_type(tres) -%}
    nullif(lower({{ regex_group(tres, '(?:^|,)gres/gpu:([^=,:]+)', 1) }}), '')
{%- endmacro %}

{# The first alias of an identity in a comment of `key=value;...`. #}
{% macro comment_identity(comment, identity) -%}
    coalesce(
    {%- for alias in var('tag_aliases')[identity] %}
        nullif(
            trim({{ regex_group('lower(' ~ comment ~ ')', '(?:^|;)\\s*' ~ (alias | lower) ~ '\\s*=\\s*([^;]*)', 1) }}), ''
        )
        {{- ',' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}

{# A group of the first match of a regular expression; empty where nothing matches. #}
{% macro regex_group(text, pattern, group) -%}
    {{ return(adapter.dispatch('regex_group', 'valueops')(text, pattern, group)) }}
{%- endmacro %}

{% macro default__regex_group(text, pattern, group) -%}
    regexp_extract({{ text }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{% macro spark__regex_group(text, pattern, group) -%}
    regexp_extract({{ text }}, r'{{ pattern }}', {{ group }})
{%- endmacro %}
