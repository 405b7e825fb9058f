#!/usr/bin/env python
"""Starts management commands: `manage.py serve`, `load_register`, `dump_register`, …"""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrscc.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - after the setting
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db import Error  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except (OSError, Error) as error:
        from lrscc.running.reporting import in_words  # noqa: PLC0415 - Django is set up now

        if not (sentence := in_words(error)):
            raise
        sys.stderr.write(f"{sentence}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
