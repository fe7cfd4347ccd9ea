"""Reports, tables and figures: theorems become a neutral document, the document becomes text of some format."""
