"""The doctor for PyTorch models."""
