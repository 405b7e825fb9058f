"""The site: settings, the site map, and what shows more than one app."""
