-- Accounts, projects and resources that a vendor invoices for a model and the log has no room for.
-- The log does not say which key made a call, so the question is which keys, left out, make invoice
-- and log agree on the most days: none, one of them, or all but one. None wins a tie. Where the log
-- knows nothing of the model all month, no key is tracked.
with keys as (

    select
        month,
        provider_key,
        provider_model,
        usage_key,
        count(*) over (partition by month, provider_key, provider_model) as key_count
    from {{ ref('int_reconciliation__key_gauges') }}
    group by month, provider_key, provider_model, usage_key

),

bucket_totals as (

    select
        month,
        provider_key,
        provider_model,
        bucket,
        is_counted,
        logged_mtok,
        cached_mtok,
        sum(mtok) as mtok
    from {{ ref('int_reconciliation__key_gauges') }}
    where not is_silent
    group by
        month, provider_key, provider_model, bucket, is_counted, logged_mtok, cached_mtok
    having sum(mtok) > 0

),

rests as (

    select
        keys.month,
        keys.provider_key,
        keys.provider_model,
        keys.usage_key,
        guesses.guess,
        totals.is_counted,
        totals.logged_mtok,
        totals.cached_mtok,
        totals.mtok,
        case guesses.guess
            when 'none' then totals.mtok
            when 'one' then totals.mtok - coalesce(gauged.mtok, 0)
            else coalesce(gauged.mtok, 0)
        end as rest_mtok
    from keys
    cross join (values ('none'), ('one'), ('all but one')) as guesses (guess)
    inner join bucket_totals as totals
        on
            keys.month = totals.month
            and keys.provider_key = totals.provider_key
            and keys.provider_model = totals.provider_model
    left join {{ ref('int_reconciliation__key_gauges') }} as gauged
        on
            keys.usage_key = gauged.usage_key
            and totals.provider_key = gauged.provider_key
            and totals.provider_model = gauged.provider_model
            and totals.bucket = gauged.bucket
    where
        keys.key_count > 1
        and (guesses.guess <> 'all but one' or keys.key_count > 2)

),

-- Buckets that agree share a ratio: 1, or for money whatever most of them have.
agreeing as (

    select
        *,
        case
            when not is_counted then round(rest_mtok / nullif(logged_mtok, 0), 2)
            when
                least(
                    abs(logged_mtok - rest_mtok),
                    abs(logged_mtok + cached_mtok - rest_mtok),
                    abs(logged_mtok - cached_mtok - rest_mtok)
                ) <= mtok * {{ var('reconciliation_fit_ratio') }}
                then 1
        end as ratio
    from rests

),

fits as (

    select
        month,
        provider_key,
        provider_model,
        usage_key,
        guess,
        case when ratio > 0 then count(*) else 0 end as fitting_buckets,
        row_number() over (
            partition by month, provider_key, provider_model
            order by
                case when ratio > 0 then count(*) else 0 end desc,
                case guess when 'none' then 0 when 'one' then 1 else 2 end,
                usage_key
        ) as guess_rank,
        sum(count(*)) over (
            partition by month, provider_key, provider_model, usage_key, guess
        ) as buckets
    from agreeing
    group by month, provider_key, provider_model, usage_key, guess, ratio

)

select
    keys.month,
    keys.provider_key,
    keys.provider_model,
    keys.usage_key
from keys
inner join fits
    on
        keys.month = fits.month
        and keys.provider_key = fits.provider_key
        and keys.provider_model = fits.provider_model
        and fits.guess_rank = 1
        and fits.fitting_buckets * 2 >= fits.buckets
        and (
            fits.guess = 'one' and keys.usage_key = fits.usage_key
            or fits.guess = 'all but one' and keys.usage_key <> fits.usage_key
        )
union all
select distinct
    month,
    provider_key,
    provider_model,
    usage_key
from {{ ref('int_reconciliation__key_gauges') }}
where is_silent
