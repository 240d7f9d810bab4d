{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- The causes of an invoice's variance add up to it, to the last digit, and none stands without one.
with causes as (

    select
        month,
        provider,
        provider_model,
        sum(variance_usd) as variance_usd
    from {{ ref('fct_invoice_variance_causes_monthly') }}
    group by month, provider, provider_model

)

select
    coalesce(invoices.month, causes.month) as month,
    coalesce(invoices.provider, causes.provider) as provider,
    coalesce(invoices.provider_model, causes.provider_model) as provider_model,
    concat(
        coalesce(invoices.provider, causes.provider), ' ',
        coalesce(invoices.provider_model, causes.provider_model), ', ',
        cast(coalesce(invoices.month, causes.month) as varchar), ': the variance is ',
        cast(coalesce(invoices.variance_usd, 0) as varchar), ' USD, its causes add up to ',
        cast(coalesce(causes.variance_usd, 0) as varchar)
    ) as message
from {{ ref('fct_invoice_reconciliation_monthly') }} as invoices
full outer join causes
    on
        invoices.month = causes.month
        and invoices.provider = causes.provider
        and invoices.provider_model = causes.provider_model
where
    coalesce(invoices.variance_usd, 0) <> coalesce(causes.variance_usd, 0)
    or invoices.month is null
