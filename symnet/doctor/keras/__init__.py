"""The doctor of Keras's models, built, unbuilt, or failing while they are built."""
