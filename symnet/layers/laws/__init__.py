"""How one axis changes its size, as theorems with symbols: windows, SAME, ceil mode, transposed convolution, index sets."""
