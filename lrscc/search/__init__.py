"""Search over everything: the words of each record, their index, and queries of it."""
