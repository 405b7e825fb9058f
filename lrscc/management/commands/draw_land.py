"""Draw the file with the outline of the land, for the map."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cities.projection import HEIGHT, WIDTH
from lrscc.running.outline import FINENESS, path_of_land

LAND = Path(__file__).resolve().parents[2] / "static" / "lrscc" / "land.svg"


class Command(BaseCommand):
    help = (
        "Draw the outline of the land again. FILE is land-50m.json of the npm"
        " package world-atlas (Natural Earth, public domain): land without borders."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="TopoJSON with the object “land”")
        parser.add_argument("--to", type=Path, default=LAND, help="where to write the drawing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = path_of_land(json.loads(options["file"].read_bytes()))
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise CommandError(
                f"{options['file']} is not TopoJSON of the land: {error}"
            ) from error
        size = f"{WIDTH * FINENESS:.0f} {HEIGHT * FINENESS:.0f}"
        options["to"].write_text(
            "<!-- The land of Natural Earth (public domain), by manage.py draw_land. -->\n"
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">'
            f'<path id="land" d="{path}"/></svg>\n'
        )
        self.stdout.write(f"{len(path)} characters")
