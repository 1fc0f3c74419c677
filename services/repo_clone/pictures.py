"""Pictures that travel with a course, by the endings of their names."""

PICTURE_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
                 ".webp": "image/webp", ".svg": "image/svg+xml"}  # fmt: skip


def media_type_of(path: str) -> str:
    """The media type a kept file is stored under."""
    ending = "." + path.rsplit(".", 1)[-1].lower() if "." in path else ""
    return PICTURE_TYPES.get(ending, "text/plain")
