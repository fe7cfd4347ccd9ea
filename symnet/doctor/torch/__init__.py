"""The doctor of PyTorch's models."""
