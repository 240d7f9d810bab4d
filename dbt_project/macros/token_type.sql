{# Which kind of token a charge's texts name: cache_read, cache_creation, output or input; 'any' where
   they name none, or both input and output. Reasoning tokens are output. Azure shortens the words to
   Inp and Outp. #}
{% macro token_type_named_in(text) -%}
    {%- set is_input = matches(text, 'inp') -%}
    {%- set is_output = matches(text, 'outp') -%}
    {%- set is_prompt = matches(text, 'prompt') -%}
    {%- set is_completion = matches(text, 'completion|generated|reasoning') -%}
    {%- set is_cache_read = matches(
        text,
        'cach(e|ed|es|ing)[ _-]*(read|hit|inp|prompt|token)'
        ~ '|(inp|input|prompt)[ _-]*(tokens?)?[ _(-]*cached'
    ) -%}
    case
        when {{ matches(text, 'cach(e|ing)[ _-]*(write|creation)') }} then 'cache_creation'
        when {{ is_cache_read }} then 'cache_read'
        when {{ is_output }} and {{ is_input }} then 'any'
        when {{ is_output }} then 'output'
        when {{ is_input }} then 'input'
        when {{ is_completion }} and {{ is_prompt }} then 'any'
        when {{ is_completion }} then 'output'
        when {{ is_prompt }} then 'input'
        else 'any'
    end
{%- endmacro %}
