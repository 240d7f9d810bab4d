-- Spend, budgets and the days the bill reaches, where the models look for them.
create schema staging;

create schema intermediate;

create schema marts;

create table intermediate.int_budgets__spend_daily as
select
    role,
    'unattributed' as team,
    'unattributed' as model_name,
    cast(date_day as date) as date_day,
    cast(cost_usd as decimal(38, 12)) as cost_usd
from spend;

create table staging.stg_planning__budgets as
select
    role,
    cast(null as varchar) as team,
    cast(null as varchar) as model_name,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end
from budgets;

create table marts.fct_model_cost_daily as
select distinct date_day
from intermediate.int_budgets__spend_daily;
