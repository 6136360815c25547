"""Write docs/openapi.json: the API in OpenAPI 3.1, as a server has it at /openapi.json.

Run it after an operation changed: ``python scripts/openapi_docs.py``; a test compares.
"""

from pathlib import Path

from vultus.api import description

TARGET = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"

if __name__ == "__main__":
    TARGET.write_bytes(description.encoded())
