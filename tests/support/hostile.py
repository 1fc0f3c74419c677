"""Text that keeps a reader busy."""


def dense_page(size: int) -> str:
    """A page of `size` characters or a little more, in which each sentence has terms, code and a definition."""
    roots = [f"{a}{b}{c}" for a in ("al", "be", "ca", "do") for b in ("la", "me", "ni", "or") for c in ("t", "s", "x")]
    parts, length, number = ["# Everything"], 0, 0
    while length < size:
        number += 1
        words = [roots[(number * step) % len(roots)] for step in (1, 5, 7, 11, 13)]
        sentences = " ".join(
            f"The *{words[at % 5]}* is a {words[(at + 1) % 5]} that `{words[(at + 2) % 5]}({at})` of {number} uses "
            f"when {words[(at + 3) % 5]} needs a {words[(at + 4) % 5]}."
            for at in range(12)
        )
        parts.append(f"## Part {number} about {words[0]}\n\n{sentences}")
        length += len(parts[-1])
    return "\n\n".join(parts) + "\n"
