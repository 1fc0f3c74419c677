"""Times of a recording in words."""


def clock(seconds: int) -> str:
    """A time of a recording as players show it: "12:03", "1:02:03"."""
    minutes, hours = seconds // 60, seconds // 3600
    return f"{hours}:{minutes % 60:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"
