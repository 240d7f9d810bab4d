{#
  The one place where money is divided.

  Splits each amount of a group over the group's rows in proportion to a positive integer or decimal
  weight, so that the parts add up to the amount to the last digit, in any row order, on every engine:

    share     = floor(w / W x 1e12) as decimal(13,12)
    part      = cast(cast(amount as decimal(24,12)) x share as decimal(38,12))
    remainder = amount - sum of parts, added to the largest share (ties by `tie_break`)

  Rows with a weight that is null or not positive receive no part and are left out.

  relation:  name of a CTE or relation holding one row per (group, recipient), amounts repeated per row
  group_by:  columns that identify the amount being split
  weight:    column with the weight
  tie_break: columns that order recipients of one group without ties
  amounts:   columns to split; each comes back under its own name
  keep:      other columns to carry through
#}
{% macro split_exactly(relation, group_by, weight, tie_break, amounts, keep=[]) -%}
{%- set group_list = group_by | join(', ') -%}
{%- set carried = (group_by + tie_break + keep) | unique | list -%}
select
{%- for column in carried %}
    {{ column }},
{%- endfor %}
{%- for amount in amounts %}
    cast(
        {{ amount }}_part
        + case
            when split_rank = 1
                then {{ amount }} - sum({{ amount }}_part) over (partition by {{ group_list }})
            else cast(0 as decimal(38, 12))
        end as decimal(38, 12)
    ) as {{ amount }},
{%- endfor %}
    split_share
from (
    select
        *,
        {%- for amount in amounts %}
        cast(cast({{ amount }} as decimal(24, 12)) * split_share as decimal(38, 12)) as {{ amount }}_part,
        {%- endfor %}
        row_number() over (
            partition by {{ group_list }} order by split_share desc, {{ tie_break | join(', ') }}
        ) as split_rank
    from (
        select
            *,
            cast(
                floor(
                    cast({{ weight }} as double)
                    / cast(sum({{ weight }}) over (partition by {{ group_list }}) as double)
                    * 1000000000000
                ) / 1000000000000 as decimal(13, 12)
            ) as split_share
        from {{ relation }}
        where {{ weight }} > 0
    ) as shared
) as parted
{%- endmacro %}
