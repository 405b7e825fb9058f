"""How English pages write days; other languages have Django's own forms."""
