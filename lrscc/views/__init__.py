"""Pages that show more than one app, and the site’s own, by subject."""
