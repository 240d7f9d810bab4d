-- Its vendor's invoice against the log (fct_invoice_reconciliation_monthly)
select
    invoice.month,
    invoice.provider,
    invoice.provider_model,
    invoice.invoiced_usd,
    invoice.estimated_usd,
    invoice.variance_usd,
    invoice.variance_ratio,
    invoice.main_cause
from fct_invoice_reconciliation_monthly as invoice
inner join dim_model_version as versions
    on invoice.provider_model = versions.provider_model
where
    versions.model_name = $model and versions.model_version = $version
    and versions.hosting = 'api'
order by invoice.month, invoice.provider
