select 'u' as charge_id, 'usage' as charge_category
