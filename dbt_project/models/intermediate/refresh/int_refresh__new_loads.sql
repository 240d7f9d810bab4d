-- Loads that the warehouse of the last refresh has not seen.
{% set seen = earlier('ops', 'loads') %}

select load_id
from {{ ref('stg_lake__loads') }}
{% if seen %}
where load_id not in (select load_id from {{ seen }})
{% endif %}
