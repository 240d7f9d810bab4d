"""Every relative link of the documentation leads to a file, and to a heading where it names one."""

import pytest
from pages import DOCS, INPUT_PAGES, ROOT, Page, pages

from ingestion import SYSTEMS

PAGES = [*pages(), Page(ROOT / "README.md"), Page(ROOT / "CONTRIBUTING.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.path.relative_to(ROOT)))
def test_relative_links_resolve(page):
    broken = []
    for link in page.links:
        if link.startswith(("https://", "http://")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.path.parent / file).resolve() if file else page.path
        if not target.exists() or (anchor and anchor not in Page(target).anchors):
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached_from_the_index():
    reached, waiting = set(), [DOCS / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        for link in Page(path).links:
            target = (path.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_relative_to(DOCS):
                waiting.append(target)
    assert {page.path for page in pages()} - reached == set()


def test_every_input_folder_has_a_page_and_every_page_a_folder():
    assert {page.path.stem for page in pages(INPUT_PAGES)} - {"README"} == set(SYSTEMS)
