select distinct
    model_name,
    model_version
from dim_model_version
where model_name <> 'unattributed'
order by model_name, model_version
