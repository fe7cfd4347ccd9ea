"""Networks with their sizes, closed forms, costs, receptive fields, and the theorems about them."""
