"""Text to graphs and back: the grammar of networks and questions, and what is said where a text is neither."""
