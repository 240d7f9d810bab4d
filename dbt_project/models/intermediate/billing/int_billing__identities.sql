-- Identity of every distinct set of tags. Parsed once per set, since charges share few of them.
with tag_sets as (

    select distinct tags
    from {{ ref('stg_billing__charges') }}
    where tags is not null

),

parsed as (

    select
        tags,
        case when {{ is_json_object('tags') }} then tags end as tags_object
    from tag_sets

)

select
    tags,
    {{ identity_tag('tags_object', 'model_name') }} as model_name,
    {{ identity_tag('tags_object', 'model_version') }} as model_version,
    {{ identity_tag('tags_object', 'endpoint') }} as endpoint,
    {{ identity_tag('tags_object', 'team') }} as team,
    {{ identity_tag('tags_object', 'environment') }} as environment,
    {{ identity_tag('tags_object', 'lifecycle_stage') }} as lifecycle_stage,
    {{ identity_tag('tags_object', 'cost_component') }} as cost_component,
    {{ identity_tag('tags_object', 'initiative') }} as initiative,
    {{ identity_tag('tags_object', 'accelerator') }} as accelerator
from parsed
