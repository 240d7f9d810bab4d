select date_day, model_name as feature, model_name, 'v1' as model_version,
    'measured' as value_method
from value
