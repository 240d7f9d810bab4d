{% set types = ['input', 'output', 'cache_read', 'cache_creation'] %}

-- What vendors invoiced for their models against what the log says it should cost: every charge of
-- a model, and of the services that sell models, in billed US dollars; every logged token at the
-- list price of its day.
with invoiced as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        provider_key,
        provider_model,
        sum(coalesce(billed_cost_usd, 0)) as invoiced_usd,
        {% for type in types + ['any'] %}
        sum(case when token_type = '{{ type }}' then mtok end) as invoiced_{{ type }}_mtok
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_reconciliation__lines') }}
    where
        provider_model is not null
        and line_kind = 'usage'
    group by date_trunc('month', date_day), provider_key, provider_model

),

other_invoiced as (

    select
        month,
        provider_key,
        provider_model,
        sum(variance_usd) as invoiced_usd
    from {{ ref('int_reconciliation__other_charges') }}
    group by month, provider_key, provider_model

),

logged as (

    select
        month,
        provider_key,
        provider_model,
        {% for type in types %}
        sum({{ type }}_mtok) as logged_{{ type }}_mtok,
        {% endfor %}
        sum(
            {% for type in types %}
            {{ type }}_estimated_usd{{ ' +' if not loop.last }}
            {% endfor %}
        ) as estimated_usd
    from {{ ref('int_reconciliation__usage') }}
    group by month, provider_key, provider_model

),

grain as (

    {% for relation in ['invoiced', 'other_invoiced', 'logged'] %}
    select
        month,
        provider_key,
        provider_model
    from {{ relation }}
    {{ 'union' if not loop.last }}
    {% endfor %}

),

names as (

    select
        provider_key,
        min(provider) as provider
    from {{ ref('int_reconciliation__lines') }}
    group by provider_key

),

compared as (

    select
        grain.month,
        coalesce(names.provider, grain.provider_key) as provider,
        grain.provider_model,
        coalesce(invoiced.invoiced_usd, 0) + coalesce(other_invoiced.invoiced_usd, 0)
            as invoiced_usd,
        coalesce(logged.estimated_usd, 0) as estimated_usd,
        {% for type in types %}
        invoiced.invoiced_{{ type }}_mtok,
        coalesce(logged.logged_{{ type }}_mtok, 0) as logged_{{ type }}_mtok,
        {% endfor %}
        invoiced.invoiced_any_mtok
    from grain
    {% for relation in ['invoiced', 'other_invoiced', 'logged'] %}
    left join {{ relation }}
        on
            grain.month = {{ relation }}.month
            and grain.provider_key = {{ relation }}.provider_key
            and grain.provider_model = {{ relation }}.provider_model
    {% endfor %}
    left join names
        on grain.provider_key = names.provider_key

),

causes as (

    select
        month,
        provider,
        provider_model,
        cause,
        variance_usd,
        row_number() over (
            partition by month, provider, provider_model
            order by abs(variance_usd) desc, cause
        ) as cause_rank
    from {{ ref('fct_invoice_variance_causes_monthly') }}

)

select
    compared.month,
    compared.provider,
    compared.provider_model,
    cast(compared.invoiced_usd as decimal(38, 12)) as invoiced_usd,
    cast(compared.estimated_usd as decimal(38, 12)) as estimated_usd,
    cast(compared.invoiced_usd - compared.estimated_usd as decimal(38, 12)) as variance_usd,
    {{ decimal_ratio('compared.invoiced_usd - compared.estimated_usd', 'compared.estimated_usd') }}
        as variance_ratio,
    -- less than half a cent is nobody's cause
    case
        when abs(main.variance_usd) >= 0.005 then main.cause
        else 'none'
    end as main_cause,
    cast(coalesce(unexplained.variance_usd, 0) as decimal(38, 12)) as unexplained_usd,
    {% for type in types %}
    cast(compared.invoiced_{{ type }}_mtok as decimal(38, 12)) as invoiced_{{ type }}_mtok,
    cast(compared.logged_{{ type }}_mtok as decimal(38, 12)) as logged_{{ type }}_mtok,
    {% endfor %}
    cast(compared.invoiced_any_mtok as decimal(38, 12)) as invoiced_any_mtok
from compared
left join causes as main
    on
        compared.month = main.month
        and compared.provider = main.provider
        and compared.provider_model = main.provider_model
        and main.cause_rank = 1
left join causes as unexplained
    on
        compared.month = unexplained.month
        and compared.provider = unexplained.provider
        and compared.provider_model = unexplained.provider_model
        and unexplained.cause = 'unexplained'
