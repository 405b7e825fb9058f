"""Pages about councils and commissions and what they decided, split as the models are."""
