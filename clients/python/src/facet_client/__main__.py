"""`python -m facet_client` is the command `facet`."""

import sys

from facet_client.command import main

sys.exit(main())
