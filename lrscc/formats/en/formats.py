"""What the site writes in other ways than Django’s English: October 1, 1969 and 7:00 p.m."""

DATE_FORMAT = "F j, Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "F j, Y, g:i a"
