"""Write src/vultus/operations/actions.py: the names of IMM's operations, read from the official SDK.

Run it after the SDK was updated: ``python scripts/imm_actions.py``; a test compares.
"""

import re
from pathlib import Path

import alibabacloud_imm20200930.client as sdk

TARGET = Path(__file__).resolve().parents[1] / "src" / "vultus" / "operations" / "actions.py"


def actions() -> list[str]:
    """Names of all operations, sorted."""
    source = Path(sdk.__file__).read_text("utf-8")
    return sorted(set(re.findall(r"action = '(\w+)'", source)))


def module() -> str:
    """The text of the module."""
    names = "".join(f'        "{name}",\n' for name in actions())
    return (
        '"""The operations of IMM 2020-09-30; written by scripts/imm_actions.py."""\n\n'
        f"IMM_ACTIONS = frozenset(\n    {{\n{names}    }}\n)\n"
    )


if __name__ == "__main__":
    TARGET.write_text(module(), "utf-8")
