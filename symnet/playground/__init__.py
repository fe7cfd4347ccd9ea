"""A page that runs symnet in the browser: what it answers, how it is written to a folder, how it is served."""
