"""Search over everything: what each record says, the index of it, and questions about it."""
