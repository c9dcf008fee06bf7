"""The entry of the ``ije`` command: says what to install where the command's libraries are missing."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command; without its libraries or schemas, say what is wrong and return 2."""
    try:
        from .cli import ije
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        message = f"ije: {error.name} is not installed; run: pip install 'india-japan-engagements[cli]'"
        print(message, file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"ije: {error}", file=sys.stderr)
        return 2
    ije(prog_name="ije")
    return 0


if __name__ == "__main__":
    sys.exit(main())
