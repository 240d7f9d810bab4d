-- A warehouse as after years: so many model versions, each with its place in the budgets, and so many
-- millions of rows of numbers that nothing compresses (70 bytes each).
insert into marts.fct_version_run_rates
select rates.* replace (concat(rates.model_name, '-', cast(copies.copy as varchar)) as model_name)
from marts.fct_version_run_rates as rates
cross join range(getvariable('copies')) as copies (copy);

insert into marts.fct_budget_spenders
select
    spenders.* replace (
        concat(spenders.spender_model_name, '-', cast(copies.copy as varchar)) as spender_model_name
    )
from marts.fct_budget_spenders as spenders
cross join range(getvariable('copies')) as copies (copy);

create table intermediate.numbers as
with drawn as materialized (
    select
        random() as a, random() as b, random() as c, random() as d, random() as e,
        random() as f, random() as g, random() as h, random() as i, random() as j
    from range(1000000)
)

select drawn.*
from drawn
cross join range(getvariable('millions'));
