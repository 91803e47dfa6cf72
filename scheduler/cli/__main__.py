"""``python -m scheduler.cli``: the same command line, for a process that must not make an environment first."""

import sys

from .main import main

sys.exit(main())
