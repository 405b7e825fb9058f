"""Pages that show bodies and what they decided, split as the models are."""
