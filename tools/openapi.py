# SPDX-License-Identifier: EUPL-1.2
"""Write docs/reference/openapi.json from the API itself; ``--check`` says whether it is current."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
SNAPSHOT = ROOT / "docs" / "reference" / "openapi.json"


def described() -> str:
    """The API in OpenAPI 3.1 as JSON, in the language of the code's own documentation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.site.settings")
    import django
    from django.utils import translation

    django.setup()
    from helhet.site.api.v1 import api

    with translation.override("sv"):
        schema = api.get_openapi_schema(path_prefix="/api/v1/")
        return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def main() -> int:
    text = described()
    if "--check" in sys.argv:
        current = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.is_file() else ""
        if current != text:
            print("docs/reference/openapi.json does not fit the API: run tools/openapi.py")
            return 1
        return 0
    SNAPSHOT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
