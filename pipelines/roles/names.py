"""File names of roles: any text in, a name that every file system takes out, no two the same."""

import hashlib
import string

SUFFIX = ".duckdb"
_PLAIN = frozenset((string.ascii_lowercase + string.digits + "_-").encode())
# Devices on Windows, with any ending.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)
_LONGEST = 160
_KEPT = 80


def role_file_name(role: str) -> str:
    """The name of a role's file.

    Lower-case letters, digits, `_` and `-` stand for themselves; every other byte of the role's
    UTF-8 is `%` and two digits. So nothing in it can climb out of a folder, and two roles differ
    on a disk that ignores case too. A name that would be too long is cut and ends in `~` and
    its SHA-256; `~` appears nowhere else.

    Args:
        role: As the warehouse spells it.

    Raises:
        ValueError: It is empty.
    """
    if not role:
        raise ValueError("a role needs a name")
    encoded = role.encode("utf-8", "surrogatepass")
    stem = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in encoded)
    if stem in _RESERVED:
        stem = f"%{encoded[0]:02x}{stem[1:]}"
    if len(stem) > _LONGEST:
        stem = f"{stem[:_KEPT]}~{hashlib.sha256(encoded).hexdigest()}"
    return stem + SUFFIX
