"""The reference pages say what the code does."""

from pathlib import Path

import pytest

from scripts import reference_docs

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", sorted(reference_docs.PAGES))
def test_the_page_is_as_the_code_would_write_it(page):
    assert (DOCS / page).read_text("utf-8") == reference_docs.PAGES[page](), "run: make docs"


def test_every_setting_is_on_its_page_with_a_word_about_it():
    from vultus import config

    text = (DOCS / "settings.md").read_text("utf-8")
    sections = [config.Settings, config.Bucket, *(getattr(config, name.capitalize()) for name in config.SECTIONS)]
    own = config.SECTIONS | {"buckets"}
    names = {name for section in sections for name in section.__struct_fields__} - own
    assert {name for name in names if f"| `{name}` |" not in text} == set()
