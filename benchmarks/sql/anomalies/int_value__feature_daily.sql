select date_day, model_name as feature, 'measured' as value_method,
    cast(value as decimal(38, 12)) as value_usd
from value
