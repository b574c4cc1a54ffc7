"""Start the command line alone: `python -m studio.cli`."""

import sys

from studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
