"""Models of other frameworks as networks. Each framework is imported only when it is asked for."""
