"""What frameworks call every kind of layer, take for granted and refuse: one table, a row a kind, a column a framework."""
