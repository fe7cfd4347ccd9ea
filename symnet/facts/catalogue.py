"""All facts, in the order of the lecture notes."""
