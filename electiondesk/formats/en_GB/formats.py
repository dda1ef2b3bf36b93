"""British formats by the 24-hour clock, as on the rest of the desk: Django's has “1:54 a.m.”."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
