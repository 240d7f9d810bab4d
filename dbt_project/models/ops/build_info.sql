-- What this warehouse was built with, and the newest day with billing data.
select
    cast('{{ var("project_fingerprint") }}' as varchar) as project_fingerprint,
    (select max(date_day) from {{ ref('fct_model_cost_daily') }}) as as_of_date
