{# Identity: how names are compared and what an empty one is called. #}

{# Names join in lower case, trimmed; an empty name is null. #}
{% macro name_key(column) -%}
    nullif(lower(trim({{ column }})), '')
{%- endmacro %}

{% macro or_unattributed(expression) -%}
    coalesce({{ expression }}, 'unattributed')
{%- endmacro %}

{# The first alias of an identity tag that the (lower-cased) JSON object holds with a value. #}
{% macro identity_tag(tags, identity) -%}
    {{ return(adapter.dispatch('identity_tag', 'valueops')(tags, identity)) }}
{%- endmacro %}

{% macro default__identity_tag(tags, identity) -%}
    coalesce(
    {%- for alias in var('tag_aliases')[identity] %}
        nullif(trim(json_extract_string({{ tags }}, '$."{{ alias | lower }}"')), '')
        {{- ',' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}

{% macro spark__identity_tag(tags, identity) -%}
    coalesce(
    {%- for alias in var('tag_aliases')[identity] %}
        nullif(trim(get_json_object({{ tags }}, '$["{{ alias | lower }}"]')), '')
        {{- ',' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}

{% macro is_json_object(tags) -%}
    {{ return(adapter.dispatch('is_json_object', 'valueops')(tags)) }}
{%- endmacro %}

{% macro default__is_json_object(tags) -%}
    (json_valid({{ tags }}) and starts_with(ltrim({{ tags }}), '{'))
{%- endmacro %}

{% macro spark__is_json_object(tags) -%}
    (json_object_keys({{ tags }}) is not null)
{%- endmacro %}

{# Whether a text holds a name as a whole token: gpt-4 stands in "gpt-4 input", not in "gpt-4o". #}
{% macro holds_token(text, token) -%}
    {{ return(adapter.dispatch('holds_token', 'valueops')(text, token)) }}
{%- endmacro %}

{% macro default__holds_token(text, token) -%}
    (contains({{ text }}, {{ token }}) and regexp_matches(
        {{ text }},
        '(^|[^a-z0-9._-])' || regexp_escape({{ token }}) || '($|[^a-z0-9._-]|[.]($|[^a-z0-9]))'
    ))
{%- endmacro %}

{% macro spark__holds_token(text, token) -%}
    (contains({{ text }}, {{ token }}) and {{ text }} rlike
        concat('(^|[^a-z0-9._-])', '\\Q', {{ token }}, '\\E', '($|[^a-z0-9._-]|[.]($|[^a-z0-9]))'))
{%- endmacro %}

{# A name as words in lower case with single dashes between them. #}
{% macro words(text) -%}
    {{ return(adapter.dispatch('words', 'valueops')(text)) }}
{%- endmacro %}

{% macro default__words(text) -%}
    regexp_replace(lower({{ text }}), '[^a-z0-9]+', '-', 'g')
{%- endmacro %}

{% macro spark__words(text) -%}
    regexp_replace(lower({{ text }}), '[^a-z0-9]+', '-')
{%- endmacro %}
