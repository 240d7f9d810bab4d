{# Which kind of token a charge's texts name: cache_read, cache_creation, output or input; 'any' where
   they name none, or both input and output. Reasoning tokens are output. #}
{% macro token_type_named_in(text) -%}
    case
        when {{ matches(text, 'cache[ds]?[ _-]*(read|hit|input|prompt|token)|(input|prompt)[ _-]*(tokens?[ _-]*)?cached') }}
            then 'cache_read'
        when {{ matches(text, 'cache[ _-]*(write|creation)') }} then 'cache_creation'
        when {{ matches(text, 'output') }} and not {{ matches(text, 'input') }} then 'output'
        when {{ matches(text, 'input') }} and not {{ matches(text, 'output') }} then 'input'
        when {{ matches(text, 'input') }} and {{ matches(text, 'output') }} then 'any'
        when {{ matches(text, 'completion|generated|reasoning') }} and not {{ matches(text, 'prompt') }}
            then 'output'
        when {{ matches(text, 'prompt') }} and not {{ matches(text, 'completion|generated|reasoning') }}
            then 'input'
        else 'any'
    end
{%- endmacro %}
