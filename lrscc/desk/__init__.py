"""The desk: the first page of the admin, its menu and the box that jumps to anything."""
