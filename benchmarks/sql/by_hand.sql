-- The same marts as one script that an expert writes for one company: one delivery, known providers, one
-- currency, single calls. Doubles instead of exact splits, no quarantine, no tests, no incremental build.
-- Reads the lake's Parquet files, in the folder `lake` that the runner sets as a variable.
create schema marts;

create temp table samples as
with timed as (
    select
        gpu_uuid, resource_id, hostname, accelerator, model_name, model_version, endpoint, team,
        coalesce(dcgm_fi_prof_gr_engine_active, dcgm_fi_dev_gpu_util / 100) as utilization,
        dcgm_fi_prof_sm_active as sm_active, dcgm_fi_prof_pipe_tensor_active as tensor_active,
        dcgm_fi_dev_fb_used / nullif(dcgm_fi_dev_fb_used + dcgm_fi_dev_fb_free, 0) as memory_ratio,
        dcgm_fi_dev_power_usage as power_w, timestamp as sampled_at,
        epoch_us(lead(timestamp) over (partition by gpu_uuid order by timestamp)) - epoch_us(timestamp) as gap_us
    from read_parquet(getvariable('lake') || '/gpu_metrics/*.parquet')
),

spacing as (
    select gpu_uuid, cast(sampled_at as date) as date_day, median(gap_us) as median_us
    from timed
    where gap_us > 0
    group by all
),

lasting as (
    select timed.*, least(coalesce(gap_us, median_us), 2 * median_us) as lasts_us
    from timed
    inner join spacing on timed.gpu_uuid = spacing.gpu_uuid and cast(timed.sampled_at as date) = spacing.date_day
),

parts as (
    select *, date_trunc('hour', sampled_at) as hour, lasts_us as span_us
    from lasting
    where date_trunc('hour', sampled_at) = date_trunc('hour', sampled_at + to_microseconds(cast(lasts_us - 1 as bigint)))
    union all
    select * exclude (until_at), epoch_us(least(until_at, hour + interval 1 hour)) - epoch_us(greatest(sampled_at, hour))
    from (
        select
            *, unnest(generate_series(date_trunc('hour', sampled_at), until_at - interval 1 microsecond, interval 1 hour))
                as hour
        from (select *, sampled_at + to_microseconds(cast(lasts_us as bigint)) as until_at from lasting) as ending
        where date_trunc('hour', sampled_at) <> date_trunc('hour', until_at - interval 1 microsecond)
    ) as crossing
)

select
    hour, cast(hour as date) as date_day, gpu_uuid, resource_id, hostname, accelerator,
    lower(coalesce(model_name, 'unattributed')) as model_name,
    lower(coalesce(model_version, 'unattributed')) as model_version,
    lower(coalesce(endpoint, 'unattributed')) as endpoint, lower(coalesce(team, 'unattributed')) as team,
    model_name is not null as is_held,
    sum(span_us) as held_us,
    sum(utilization * span_us) / sum(span_us) as avg_utilization,
    sum(sm_active * span_us) / sum(span_us) as sm_active,
    sum(tensor_active * span_us) / sum(span_us) as tensor_active,
    sum(memory_ratio * span_us) / sum(span_us) as memory_ratio,
    sum(power_w * span_us) / sum(span_us) as power_w
from parts
group by all;

create temp table calls as
select
    time_bucket(interval 5 minutes, timestamp) as bucket_at, cast(timestamp as date) as date_day,
    lower(model_name) as model_name, lower(model_version) as model_version, lower(endpoint) as endpoint,
    lower(team) as team, lower(gen_ai_provider_name) as provider, lower(gen_ai_request_model) as provider_model,
    count(*) as requests, sum(gen_ai_usage_input_tokens) as input_tokens,
    sum(gen_ai_usage_output_tokens) as output_tokens, sum(queue_s) as queue_s,
    sum(gen_ai_usage_cache_read_input_tokens) as cache_read_tokens
from read_parquet(getvariable('lake') || '/llm_requests/*.parquet')
group by all;

create temp table charges as
select
    row_number() over () as charge_id, cast(charge_period_start as date) as date_day, provider_name as provider,
    service_name, resource_id, effective_cost as cost, charge_description,
    json_extract_string(tags, '$.model_name') as model_name,
    json_extract_string(tags, '$.model_version') as model_version,
    json_extract_string(tags, '$.endpoint') as endpoint, json_extract_string(tags, '$.team') as team,
    json_extract_string(tags, '$.cost_component') as cost_component
from read_parquet(getvariable('lake') || '/billing/*.parquet');

create temp table held as
select
    date_day, resource_id, accelerator, model_name, model_version, endpoint, team, is_held, sum(held_us) as held_us,
    sum(held_us) / sum(sum(held_us)) over (partition by date_day, resource_id) as share,
    case when is_held then sum(held_us) / sum(case when is_held then sum(held_us) end)
        over (partition by date_day, resource_id) end as share_of_held
from samples
group by date_day, resource_id, accelerator, model_name, model_version, endpoint, team, is_held;

create temp table usage as
select
    calls.date_day, model_name, model_version, endpoint, team, provider_model, sum(requests) as requests,
    sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
    sum((input_tokens - cache_read_tokens) * input_per_mtok + cache_read_tokens * cache_read_per_mtok
        + output_tokens * output_per_mtok) as list_cost
from calls
left join read_parquet(getvariable('lake') || '/prices/*.parquet') as prices using (provider_model)
group by all;

create temp table parts as
select
    charge_id, charges.date_day, provider, service_name, resource_id, model_name, model_version, endpoint, team,
    null as accelerator, cost_component, 'direct' as allocation_method, cost
from charges
where model_name is not null
union all
select
    charge_id, charges.date_day, provider, service_name, charges.resource_id, held.model_name, held.model_version,
    held.endpoint, held.team, held.accelerator, 'gpu_compute', case when is_held then 'gpu_time' else 'idle' end,
    cost * share
from charges
inner join held on charges.date_day = held.date_day and charges.resource_id = held.resource_id
where charges.model_name is null
union all
select
    charge_id, charges.date_day, provider, service_name, resource_id, usage.model_name, usage.model_version,
    usage.endpoint, usage.team, 'api', 'api_tokens', 'token_share',
    cost * list_cost / sum(list_cost) over (partition by charge_id)
from charges
inner join usage on charges.date_day = usage.date_day and contains(charge_description, provider_model)
where charges.model_name is null
union all
select
    charge_id, charges.date_day, provider, service_name, resource_id, usage.model_name, usage.model_version,
    usage.endpoint, usage.team, null, cost_component, 'shared',
    cost * requests / sum(requests) over (partition by charge_id)
from charges
inner join usage on charges.date_day = usage.date_day
where charges.model_name is null and cost_component in ('orchestration', 'vector_database', 'embedding', 'cache');

insert into parts
select
    charge_id, date_day, provider, service_name, resource_id, null, null, null, null, null, cost_component,
    'unattributed', cost
from charges
where charge_id not in (select charge_id from parts);

create table marts.fct_gpu_utilization_hourly as
with bills as (
    select date_day, resource_id, sum(cost) as cost
    from charges
    group by all
)

select
    hour, gpu_uuid, model_name, model_version, endpoint, team, samples.accelerator, hostname,
    held_us / 3.6e9 as gpu_hours, avg_utilization, sm_active, tensor_active, memory_ratio, power_w,
    bills.cost * held_us / sum(held_us) over (partition by samples.date_day, samples.resource_id) as cost_usd,
    case when not is_held or avg_utilization < 0.15 then bills.cost * held_us
        / sum(held_us) over (partition by samples.date_day, samples.resource_id) else 0 end as idle_cost_usd
from samples
left join bills on samples.date_day = bills.date_day and samples.resource_id = bills.resource_id;

create table marts.fct_model_cost_daily as
select
    date_day, provider, service_name, coalesce(model_name, 'unattributed') as model_name,
    coalesce(model_version, 'unattributed') as model_version, coalesce(endpoint, 'unattributed') as endpoint,
    coalesce(team, 'unattributed') as team, coalesce(cost_component, 'unattributed') as cost_component,
    allocation_method, sum(cost) as effective_cost_usd
from parts
group by all;

create table marts.fct_unit_economics_daily as
with costs as (
    select
        date_day, model_name, model_version, endpoint,
        sum(case when allocation_method <> 'shared' then cost end) as direct_cost_usd, sum(cost) as cost_usd
    from parts
    where allocation_method in ('direct', 'gpu_time', 'token_share', 'shared')
    group by all
),

idle as (
    select
        held.date_day, held.model_name, held.model_version, held.endpoint, sum(idle.cost * share_of_held) as idle_usd
    from held
    inner join (
        select date_day, resource_id, sum(cost) as cost
        from parts
        where allocation_method = 'idle'
        group by all
    ) as idle on held.date_day = idle.date_day and held.resource_id = idle.resource_id
    where held.is_held
    group by all
)

select
    costs.date_day, costs.model_name, costs.model_version, costs.endpoint, requests, input_tokens, output_tokens,
    direct_cost_usd, cost_usd + coalesce(idle_usd, 0) as loaded_cost_usd,
    direct_cost_usd / requests as cost_per_request_usd,
    direct_cost_usd * 1e6 / (input_tokens + output_tokens) as cost_per_mtok_usd
from costs
left join (
    select date_day, model_name, model_version, endpoint, sum(requests) as requests,
        sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens
    from usage
    group by all
) as usage using (date_day, model_name, model_version, endpoint)
left join idle using (date_day, model_name, model_version, endpoint);

create table marts.fct_gpu_demand_hourly as
with runs_on as (
    select distinct model_name, accelerator from held where is_held
),

buckets as (
    select
        calls.model_name || '/' || model_version || '/' || endpoint || '/' || coalesce(accelerator, 'api') as unique_id,
        'accelerator:' || coalesce(accelerator, 'api') as total_id, bucket_at, requests,
        input_tokens + output_tokens as tokens, queue_s,
        (input_tokens + output_tokens) / 300.0 / gpu_prices.tokens_per_second as gpus
    from calls
    left join runs_on using (model_name)
    left join read_parquet(getvariable('lake') || '/gpu_prices/*.parquet') as gpu_prices using (accelerator)
),

every as (
    select unique_id, bucket_at, requests, tokens, queue_s, gpus from buckets
    union all
    select total_id, bucket_at, sum(requests), sum(tokens), sum(queue_s), sum(gpus) from buckets group by all
),

hourly as (
    select
        unique_id, date_trunc('hour', bucket_at) as ds, sum(requests) as requests, sum(tokens) as tokens,
        max(gpus) as gpus_required, sum(queue_s) / sum(requests) as queue_s
    from every
    group by all
),

allocated as (
    select hour as ds, model_name || '/' || model_version || '/' || endpoint || '/' || accelerator as unique_id,
        sum(held_us) / 3.6e9 as gpus_allocated
    from samples
    where is_held
    group by all
    union all
    select hour, 'accelerator:' || accelerator, sum(held_us) / 3.6e9
    from samples
    where is_held
    group by all
)

select unique_id, ds, requests, tokens, gpus_required, gpus_allocated, queue_s
from hourly
left join allocated using (unique_id, ds);

create table marts.fct_tag_coverage_daily as
select
    date_day, provider, service_name, sum(cost) as cost_usd,
    sum(case when model_name is not null and model_version is not null and endpoint is not null and team is not null
        then cost else 0 end) as full_identity_cost_usd,
    sum(case when coalesce(model_name, model_version, endpoint, team) is null then cost else 0 end) as untagged_cost_usd
from charges
group by all;

create table marts.fct_spend_share_monthly as
with spend as (
    select
        date_trunc('month', date_day) as month, provider, service_name, coalesce(resource_id, 'unattributed') as resource_id,
        coalesce(endpoint, 'unattributed') as endpoint, sum(cost) as cost_usd
    from parts
    group by all
),

bills as (
    select month, sum(cost_usd) as bill_usd
    from spend
    group by all
)

select
    spend.*, spend.cost_usd / bills.bill_usd as share_of_bill,
    (spend.cost_usd - coalesce(earlier.cost_usd, 0)) / earlier_bills.bill_usd as added_ratio
from spend
inner join bills using (month)
left join bills as earlier_bills on earlier_bills.month = spend.month - interval 1 month
left join spend as earlier
    on earlier.month = spend.month - interval 1 month and earlier.provider = spend.provider
    and earlier.service_name = spend.service_name and earlier.resource_id = spend.resource_id
    and earlier.endpoint = spend.endpoint;
