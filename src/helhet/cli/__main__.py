# SPDX-License-Identifier: EUPL-1.2
import sys

from helhet.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
