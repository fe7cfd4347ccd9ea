"""What a layer can be given, how it is read and written, and the base that all kinds share."""
