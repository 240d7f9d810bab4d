-- Texts of charges that name a known vendor model as a whole token; the longest name wins. Charges
-- whose tags name our own model are looked at too: an invoice is reconciled whoever it is for.
with texts as (

    {% for column in [
        'resource_key', 'resource_name_key', 'sku_meter_key', 'sku_id_key', 'charge_description_key'
    ] %}
    select {{ column }} as charge_text
    from {{ ref('int_billing__charge_days') }}
    where
        {{ column }} is not null
        {{ affected_days_for('int_cost__parts', 'cost', 'date_day') }}
    {{ 'union' if not loop.last }}
    {% endfor %}

),

found as (

    select
        texts.charge_text,
        known.provider_model,
        row_number() over (
            partition by texts.charge_text
            order by length(known.provider_model) desc, known.provider_model
        ) as match_rank
    from texts
    inner join {{ ref('int_prices__known_models') }} as known
        on {{ holds_token('texts.charge_text', 'known.provider_model') }}

)

select
    charge_text,
    provider_model
from found
where match_rank = 1
