"""Arrays that are known before the model runs, the sizes that shape arithmetic works on among them, and operators on them."""
