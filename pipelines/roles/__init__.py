"""Each role's part of the warehouse: which rows, in which file, and its budgets."""
