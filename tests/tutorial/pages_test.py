"""The code in docs/tutorial is the code that is compiled and tested here, line for line."""

import re
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGES = ROOT / "docs" / "tutorial"
# A title in backquotes that ends with a colon, then a block: a whole file. In a ledger's own source it lies in projections/.
BLOCK = re.compile(r"^`([\w/.]+)`:\n\n```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = {".cpp", ".h"}


def blocks(page):
    return {name: text for name, text in BLOCK.findall(page)}


def as_shown(text):
    return text.replace('"tests/tutorial/', '"projections/')


def shown_as(path):
    """The path of a compiled file as the page names it."""
    relative = path.relative_to(HERE).as_posix()
    return f"tests/projections/{relative}" if path.stem.endswith("_test") else f"projections/{relative}"


class Pages(unittest.TestCase):
    def test_every_file_stands_in_a_page_as_it_is_compiled(self):
        shown = {}
        for page in sorted(PAGES.glob("*.md")):
            shown |= blocks(page.read_text(encoding="utf-8"))
        compiled = {shown_as(path): as_shown(path.read_text(encoding="utf-8"))
                    for path in sorted(HERE.rglob("*")) if path.suffix in CODE}
        self.assertTrue(compiled)
        self.assertEqual(sorted(shown), sorted(compiled))
        for name, text in compiled.items():
            self.assertMultiLineEqual(shown[name], text, name)

    def test_no_block_of_code_escapes_the_comparison(self):
        for page in PAGES.glob("*.md"):
            text = page.read_text(encoding="utf-8")
            self.assertEqual(text.count("```cpp\n"), len(BLOCK.findall(text)), page.name)

    def test_the_registration_that_the_page_tells_is_the_one_there_is(self):
        """The line is told in a diff block: its context has to stand in the file."""
        text = (PAGES / "write_a_projection.md").read_text(encoding="utf-8")
        (diff,) = re.findall(r"^```diff\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        source = (ROOT / "projections" / "all.cpp").read_text(encoding="utf-8")
        context = [line[1:].rstrip(" \\") for line in diff.splitlines() if line.startswith(" ")]
        self.assertTrue(context)
        for line in context:
            self.assertIn(line, source)
        self.assertEqual(len([line for line in diff.splitlines() if line.startswith("+")]), 1, "one line registers a view")


if __name__ == "__main__":
    unittest.main()
