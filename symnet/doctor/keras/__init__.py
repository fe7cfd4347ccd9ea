"""The doctor for Keras models that are built, not yet built, or fail while they are built."""
