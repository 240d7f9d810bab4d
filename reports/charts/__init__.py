"""Charts as plain view data for the templates: one module per kind of chart."""
