-- Prices of each accelerator as of the newest data hour.
select *
from intermediate.int_capacity__prices
order by accelerator
