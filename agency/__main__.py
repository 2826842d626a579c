"""``python -m agency`` is the command ``agency``."""

from agency.cli import main

if __name__ == "__main__":
    main()
