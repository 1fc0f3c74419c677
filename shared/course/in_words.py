"""Times and numbers in words."""


def clock(seconds: int) -> str:
    """A time of a recording as players show it: "12:03", "1:02:03"."""
    minutes, hours = seconds // 60, seconds // 3600
    return f"{hours}:{minutes % 60:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


def minutes_in_words(minutes: int) -> str:
    """25 → "25 min", 130 → "2 h 10 min", 120 → "2 h"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def counted(count: int, noun: str) -> str:
    """1 and "module" → "1 module", 3 → "3 modules"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
