{# Tokens of a charge in millions, null where its unit does not count tokens. Vendors count single
   tokens, thousands (`1K tokens`, Azure's bare `1K`) and millions. #}
{% macro million_tokens(quantity, unit) -%}
    {%- set unit = 'lower(trim(' ~ unit ~ '))' -%}
    {%- set millions = '^(1 ?)?(m|million|mtok|mtokens)([^a-z]|$)|^1,?000,?000' -%}
    {%- set thousands = '^(1 ?)?(k|thousand|ktok|ktokens)([^a-z]|$)|^1,?000([^,0-9]|$)' -%}
    case
        -- more than that is no count of tokens
        when {{ matches(unit, 'tok|^1? ?[km]$') }} and abs({{ quantity }}) < 1000000000000
            then cast(
                cast({{ quantity }} as decimal(24, 12))
                * case
                    when {{ matches(unit, millions) }}
                        then cast(1 as decimal(7, 6))
                    when {{ matches(unit, thousands) }}
                        then cast(0.001 as decimal(7, 6))
                    else cast(0.000001 as decimal(7, 6))
                end as decimal(38, 12)
            )
    end
{%- endmacro %}

{# Whether a unit counts something that is surely no token. #}
{% macro counts_no_tokens(unit) -%}
    {{ matches(
        'lower(' ~ unit ~ ')',
        'hour|second|minute|day|month|request|call|search|quer|image|page|char|session|gi?b|byte|trace'
    ) }}
{%- endmacro %}

{# Money for millions of tokens at a price per million, rounded once to 12 decimals. Whole tokens and
   eight decimals of the price are kept, so that the product stays in decimal(38). #}
{% macro token_cost(mtok, per_mtok) -%}
    cast(
        cast({{ mtok }} as decimal(20, 6)) * cast({{ per_mtok }} as decimal(18, 8)) as decimal(38, 12)
    )
{%- endmacro %}

{# Whether two amounts are the same but for rounding: half a cent, or a thousandth. #}
{% macro is_same_money(amount, expected) -%}
    (
        abs(cast({{ amount }} as double) - cast({{ expected }} as double))
        <= greatest(
            0.005, abs(cast({{ expected }} as double)) * {{ var('reconciliation_price_tolerance') }}
        )
    )
{%- endmacro %}

{# A share of money, between -1 and 1, rounded once. #}
{% macro share_of(amount, share) -%}
    cast(
        cast({{ amount }} as decimal(24, 12)) * cast({{ share }} as decimal(13, 12)) as decimal(38, 12)
    )
{%- endmacro %}
