-- Accounts, projects and resources that a vendor invoices for a model and the log has no room for.
-- The log does not say which key made a call, so the question is which keys, left out, make invoice
-- and log agree on the most days: none, one of them, or all but one. None wins a tie. Where the log
-- knows nothing of the model all month, no key is tracked.
with billed as (

    select
        month,
        provider_key,
        provider_model,
        bucket,
        usage_key,
        sum(case when token_type = 'output' then mtok else 0 end) as output_mtok,
        sum(mtok) as total_mtok
    from {{ ref('int_reconciliation__price_causes') }}
    group by month, provider_key, provider_model, bucket, usage_key

),

months as (

    select
        buckets.month,
        buckets.provider_key,
        buckets.provider_model,
        sum(buckets.total_mtok) = 0 as is_silent,
        -- output tokens are the same on both sides whatever became of the cached ones
        sum(buckets.output_mtok) > 0 and sum(keys.output_mtok) > 0 as has_output
    from {{ ref('int_reconciliation__buckets') }} as buckets
    left join (
        select
            provider_key,
            provider_model,
            bucket,
            sum(output_mtok) as output_mtok
        from billed
        group by provider_key, provider_model, bucket
    ) as keys
        on
            buckets.provider_key = keys.provider_key
            and buckets.provider_model = keys.provider_model
            and buckets.bucket = keys.bucket
    group by buckets.month, buckets.provider_key, buckets.provider_model

),

gauged as (

    select
        billed.month,
        billed.provider_key,
        billed.provider_model,
        billed.bucket,
        billed.usage_key,
        case when months.has_output then billed.output_mtok else billed.total_mtok end as mtok,
        case when months.has_output then buckets.output_mtok else buckets.total_mtok end
            as logged_mtok
    from billed
    inner join months
        on
            billed.month = months.month
            and billed.provider_key = months.provider_key
            and billed.provider_model = months.provider_model
            and not months.is_silent
    inner join {{ ref('int_reconciliation__buckets') }} as buckets
        on
            billed.provider_key = buckets.provider_key
            and billed.provider_model = buckets.provider_model
            and billed.bucket = buckets.bucket

),

keys as (

    select
        month,
        provider_key,
        provider_model,
        usage_key,
        count(*) over (partition by month, provider_key, provider_model) as key_count
    from gauged
    group by month, provider_key, provider_model, usage_key

),

bucket_totals as (

    select
        month,
        provider_key,
        provider_model,
        bucket,
        max(logged_mtok) as logged_mtok,
        sum(mtok) as mtok
    from gauged
    group by month, provider_key, provider_model, bucket
    having sum(mtok) > 0

),

guesses as (

    select
        keys.month,
        keys.provider_key,
        keys.provider_model,
        keys.usage_key,
        guesses.guess
    from keys
    cross join (values ('none'), ('one'), ('all but one')) as guesses (guess)
    where
        keys.key_count > 1
        and (guesses.guess <> 'all but one' or keys.key_count > 2)

),

fits as (

    select
        guesses.month,
        guesses.provider_key,
        guesses.provider_model,
        guesses.usage_key,
        guesses.guess,
        sum(
            case
                when
                    abs(
                        totals.logged_mtok - case guesses.guess
                            when 'none' then totals.mtok
                            when 'one' then totals.mtok - coalesce(gauged.mtok, 0)
                            else coalesce(gauged.mtok, 0)
                        end
                    ) <= cast(totals.mtok as double) * {{ var('reconciliation_fit_ratio') }}
                    then 1
                else 0
            end
        ) as fitting_buckets,
        count(*) as buckets
    from guesses
    inner join bucket_totals as totals
        on
            guesses.month = totals.month
            and guesses.provider_key = totals.provider_key
            and guesses.provider_model = totals.provider_model
    left join gauged
        on
            guesses.usage_key = gauged.usage_key
            and totals.provider_key = gauged.provider_key
            and totals.provider_model = gauged.provider_model
            and totals.bucket = gauged.bucket
    group by
        guesses.month, guesses.provider_key, guesses.provider_model, guesses.usage_key,
        guesses.guess

),

best as (

    select
        *,
        row_number() over (
            partition by month, provider_key, provider_model
            order by
                fitting_buckets desc,
                case guess when 'none' then 0 when 'one' then 1 else 2 end,
                usage_key
        ) as guess_rank
    from fits

)

select
    keys.month,
    keys.provider_key,
    keys.provider_model,
    keys.usage_key
from keys
inner join best
    on
        keys.month = best.month
        and keys.provider_key = best.provider_key
        and keys.provider_model = best.provider_model
        and best.guess_rank = 1
        and best.fitting_buckets * 2 >= best.buckets
        and (
            best.guess = 'one' and keys.usage_key = best.usage_key
            or best.guess = 'all but one' and keys.usage_key <> best.usage_key
        )
union all
select distinct
    billed.month,
    billed.provider_key,
    billed.provider_model,
    billed.usage_key
from billed
inner join months
    on
        billed.month = months.month
        and billed.provider_key = months.provider_key
        and billed.provider_model = months.provider_model
        and months.is_silent
