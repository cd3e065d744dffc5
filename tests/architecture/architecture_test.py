"""The architecture, held to: first that each rule can fail, then that the tree keeps them all.

    python3 architecture_test.py ROOT LAYERS.TXT [unittest arguments]
"""

import sys
import unittest
from pathlib import Path

import error_codes
import forbidden
import layers
import project_text
import source

ROOT = Path(__file__).resolve().parents[2]
LAYERS_FILE = None

# A small tree that is in order; every fixture below breaks one thing in it.
GOOD_LAYERS = [
    ("ledger_domain", "ledger/domain", []),
    ("ledger_codec", "ledger/codec", ["ledger_domain"]),
    ("ledger_log", "ledger/log", ["ledger_domain"]),
    ("ledger_engine", "ledger/engine", ["ledger_codec", "ledger_log"]),
    ("projections", "projections", ["ledger_engine"]),
    ("server_http", "server/http", []),
    ("server", "server", ["projections", "server_http"]),
]
GOOD_FILES = {
    "ledger/domain/result.h": "#pragma once\n",
    "ledger/domain/money.h": "#pragma once\n#include <string>\n",
    "ledger/domain/money.cpp": '#include "ledger/domain/money.h"\n',
    "ledger/codec/json.cpp": '#include "ledger/domain/money.h"\n#include <simdjson.h>\n',
    "ledger/log/log.h": '#pragma once\n#include "ledger/domain/result.h"\n#include <rocksdb/db.h>\n',
    "ledger/engine/ledger.cpp": '#include "ledger/log/log.h"\n#include "ledger/domain/money.h"\n',
    "projections/view.h": "#pragma once\n",
    "server/http/parser.h": "#pragma once\n#include <boost/beast/http.hpp>\n",
    "server/routes.cpp": '#include "server/http/parser.h"\n#include "projections/view.h"\n',
    "cli/main.cpp": '#include "server/http/parser.h"\n#include "ledger/log/log.h"\n',
    "tests/log/log_test.cpp": '#include "ledger/log/log.h"\n#include "event_generated.h"\n',
}


class Findings(unittest.TestCase):
    def assertFinds(self, findings, *words):
        self.assertTrue(any(all(word in finding for word in words) for finding in findings),
                        f"expected a finding with {words}, got {findings}")


class LayerRules(Findings):
    def included(self, path, text, declared=None):
        return layers.included_wrongly(declared or GOOD_LAYERS, {**GOOD_FILES, path: text})

    def test_accepts_a_tree_in_order(self):
        self.assertEqual(layers.declared_wrongly(GOOD_LAYERS), [])
        self.assertEqual(layers.included_wrongly(GOOD_LAYERS, GOOD_FILES), [])

    def test_reads_what_cmake_writes(self):
        self.assertEqual(layers.read_layers("a ledger/domain \nb ledger/codec a,c\n"),
                         [("a", "ledger/domain", []), ("b", "ledger/codec", ["a", "c"])])

    def test_rejects_an_upward_include(self):
        self.assertFinds(self.included("ledger/engine/x.h", '#pragma once\n#include "projections/view.h"\n'),
                         "ledger/engine/x.h:2", "above it")
        self.assertFinds(self.included("ledger/domain/x.h", '#include "ledger/log/log.h"\n'), "above it")
        self.assertFinds(self.included("server/x.h", '#include "tests/log/log_test.cpp"\n'), "tests")

    def test_rejects_billing_types_in_the_log(self):
        self.assertFinds(self.included("ledger/log/x.h", '#include "ledger/domain/money.h"\n'), "bytes and numbers")

    def test_rejects_an_include_that_depends_does_not_list(self):
        declared = [layer for layer in GOOD_LAYERS if layer[0] != "ledger_codec"]
        declared.append(("ledger_codec", "ledger/codec", []))
        self.assertFinds(self.included("ledger/codec/x.h", '#include "ledger/domain/money.h"\n', declared),
                         "does not list ledger/domain")
        self.assertFinds(self.included("server/http/x.h", '#include "server/routes.cpp"\n'),
                         "server/http does not list server")

    def test_rejects_paths_that_do_not_begin_at_the_root(self):
        self.assertFinds(self.included("ledger/log/x.h", '#include "log.h"\n'), "repository's root")
        self.assertFinds(self.included("ledger/log/x.h", '#include "ledger/log/gone.h"\n'), "no such file")

    def test_rejects_generated_types_outside_the_codec(self):
        self.assertFinds(self.included("ledger/engine/x.h", '#include "event_generated.h"\n'), "generated types")

    def test_rejects_an_upward_or_unknown_depends(self):
        self.assertFinds(layers.declared_wrongly([*GOOD_LAYERS[1:], ("ledger_domain", "ledger/domain", ["projections"])]),
                         "ledger_domain", "above it")
        self.assertFinds(layers.declared_wrongly([("ledger_domain", "ledger/domain", ["boost"])]), "no billing_library")
        self.assertFinds(layers.declared_wrongly([("misc", "misc", [])]), "no layer")

    def test_rejects_a_cycle(self):
        self.assertFinds(layers.declared_wrongly([("a", "server", ["b"]), ("b", "server/http", ["a"])]),
                         "cycle: a -> b -> a")

    def test_reads_includes_and_not_comments(self):
        self.assertEqual(self.included("ledger/domain/x.h", '// #include "server/routes.cpp"\n/* #include "a/b.h" */\n'), [])


class ForbiddenWords(Findings):
    def test_accepts_a_tree_in_order(self):
        self.assertEqual(forbidden.forbidden(GOOD_FILES), [])

    def test_rejects_each_impure_include_in_the_domain(self):
        for header in ("thread", "chrono_literals_are_fine", "random", "iostream", "fstream", "mutex", "atomic"):
            found = forbidden.forbidden({"ledger/domain/x.cpp": f"#include <{header}>\n"})
            self.assertEqual(bool(found), header != "chrono_literals_are_fine", header)

    def test_rejects_floating_point_near_money(self):
        for folder in ("ledger/domain", "ledger/codec"):
            self.assertFinds(forbidden.forbidden({f"{folder}/x.cpp": "\nint f(double rate);\n"}), "x.cpp:2", "floating point")
        self.assertEqual(forbidden.forbidden({"ledger/domain/x.cpp": 'auto s = "double";  // a float\n'}), [])

    def test_rejects_clocks_and_chance_in_the_core(self):
        for code in ("std::chrono::system_clock::now()", "std::random_device d;", "rand()", "std::thread t;"):
            self.assertTrue(forbidden.forbidden({"ledger/codec/x.cpp": code}), code)
        self.assertEqual(forbidden.forbidden({"ledger/domain/x.cpp": "int operand(int); operand (2);"}), [])

    def test_rejects_libraries_outside_their_home(self):
        for path, header in (("ledger/domain/x.h", "simdjson.h"), ("ledger/domain/x.h", "flatbuffers/flatbuffers.h"),
                             ("ledger/engine/x.cpp", "boost/asio.hpp"), ("cli/x.cpp", "boost/beast/http.hpp"),
                             ("server/x.cpp", "rocksdb/db.h"), ("ledger/log/x.cpp", "simdjson.h")):
            found = forbidden.forbidden({path: f"#pragma once\n#include <{header}>\n"})
            self.assertEqual(len(found), 1, (path, header, found))

    def test_rejects_billing_words_in_the_http_front(self):
        self.assertFinds(forbidden.forbidden({"server/http/x.cpp": "int invoice_count;"}), "billing words")

    def test_rejects_the_name_of_a_provider_as_a_value(self):
        for code in ('text("Microsoft")', 'auto word = "an Azure plan";'):
            self.assertFinds(forbidden.forbidden({"ledger/domain/x.cpp": code}), "PROV-1")
        self.assertEqual(forbidden.forbidden({"ledger/domain/x.cpp": '"isAzureCreditEligible"  // as in "Azure"\n'}), [])

    def test_rejects_a_header_without_pragma_once(self):
        self.assertFinds(forbidden.forbidden({"projections/x.h": "// #pragma once\n"}), "#pragma once")


class CoroutineLines(Findings):
    def finds(self, code):
        return forbidden.coroutine_lines({"server/x.cpp": code})

    def test_accepts_names_literals_and_calls(self):
        for code in ("const auto result = co_await ledger.execute(command, 3, \"x\");",
                     "if (const auto n = co_await read(*stream, buffer[2]); n > 0) { use(n); }",
                     "co_return co_await f(std::move(request));",
                     "while (co_await next()) { g({1, 2}); }",
                     "for (;;) { auto r = co_await f(a); auto& [error, n] = r; }",
                     "// co_await f(Aggregate{})\nauto text = \"co_await {\";"):
            self.assertEqual(self.finds(code), [], code)

    def test_rejects_what_gcc_12_miscompiles(self):
        for code, word in (("co_await f(Aggregate{1});", "braced"), ("co_await f({a, b});", "braced"),
                           ("co_await co_spawn(ex, [v = std::move(v)]() { g(v); }, token);", "lambda"),
                           ("auto x = co_await f(a ? b : c);", "?:"), ("auto x = a ? co_await f() : b;", "?:"),
                           ("auto [error, n] = co_await f();", "bind the result")):
            self.assertFinds(self.finds(code), "server/x.cpp:1", word)

    def test_rejects_coroutines_outside_the_server(self):
        self.assertFinds(forbidden.forbidden({"ledger/engine/x.cpp": "co_await f();"}), "server/ alone")


class ProjectText(Findings):
    def test_rejects_a_stray_entry_at_the_top(self):
        self.assertEqual(project_text.top_level(["README.md", "ledger/domain/money.h"]), [])
        self.assertFinds(project_text.top_level(["notes.txt"]), "notes.txt")

    def test_reports_long_files_and_rejects_too_long_ones(self):
        findings, notes = project_text.lengths({"a.h": "\n" * 401, "b.h": "\n" * 601, "c.h": "\n" * 400,
                                                "tests/data/x.cpp": "\n" * 9000})
        self.assertEqual([f.split(":")[0] for f in findings], ["b.h"])
        self.assertEqual([n.split(":")[0] for n in notes], ["a.h"])

    def test_rejects_places_of_one_machine_and_notes_to_self(self):
        for line in ("see /ho" "me/jan/x", "-I/wo" "rk/main", "// TO" "DO: later", "# FIX" "ME"):
            self.assertEqual(len(project_text.wording({"a.h": line + "\n"})), 1, line)
        for line in ("TO" "DO(#12): say which", "a/ho" "me/b", "/v1/events", "docs/wo" "rk/x"):
            self.assertEqual(project_text.wording({"a.h": line + "\n"}), [], line)

    def test_rejects_links_that_lead_nowhere(self):
        names = ["README.md", "docs/style.md"]
        self.assertEqual(project_text.links({"README.md": "[a](docs/style.md) [b](docs) [c](https://x.example)",
                                             "docs/style.md": "[up](../README.md#words)"}, names), [])
        self.assertFinds(project_text.links({"docs/style.md": "\n[gone](README.md)"}, names), "docs/style.md:2", "README.md")

    def test_rejects_conflict_markers(self):
        self.assertEqual(len(project_text.wording({"a.md": "<<<<<<< HEAD\n"})), 1)


class ErrorCodes(Findings):
    TABLE = '{"NOT_FOUND", 404, "Not found", "Nothing is here."},'

    def test_accepts_a_table_its_page_and_known_codes(self):
        files = {error_codes.TABLE: self.TABLE, "ledger/codec/x.cpp": 'return rejected("NOT_FOUND", "x");'}
        self.assertEqual(error_codes.findings(files, error_codes.page(error_codes.table(self.TABLE))), [])

    def test_rejects_an_old_page_an_unknown_code_and_a_double(self):
        files = {error_codes.TABLE: self.TABLE * 2, "ledger/codec/x.cpp": '\nreturn conflict("GONE", "x");',
                 "server/y.cpp": 'failed(ErrorKind::Internal, "WORSE", "x")'}
        found = error_codes.findings(files, "an old page")
        for words in (("differs",), ("ledger/codec/x.cpp:2", "GONE"), ("WORSE",), ("twice",)):
            self.assertFinds(found, *words)
        self.assertFinds(error_codes.findings({}, ""), "no table")


    def test_asks_for_a_test_of_each_code_that_is_produced(self):
        files = {error_codes.TABLE: self.TABLE + '{"GONE", 404, "Gone", "It was."},{"OUTCOME_UNKNOWN", 503, "?", "?"},',
                 "ledger/domain/x.cpp": 'rejected("NOT_FOUND", "x"); rejected("OUTCOME_UNKNOWN", "x"); // "GONE"',
                 error_codes.REASONS: "enum class MissingReason : std::uint8_t {\n  TOO_NEW = 0,\n  NONE = 1,\n};"}
        self.assertEqual(error_codes.untested(files, {"a": 'x("NOT_FOUND"); TOO_NEW NONE'}), [])
        found = error_codes.untested(files, {"a": "NOT_FOUND_AT_ALL TOO_NEW"})
        self.assertFinds(found, "NOT_FOUND")
        self.assertFinds(found, "NONE")
        self.assertEqual(len(found), 2)


class Lexing(unittest.TestCase):
    def test_keeps_line_numbers(self):
        text = 'a /* x\ny */ b // c\nR"(raw\n"quoted" // no)" 1\'000 \'"\' "e\\"f"\n'
        for strip in (source.bare_code, source.without_comments):
            self.assertEqual(strip(text).count("\n"), text.count("\n"))
        self.assertNotIn("quoted", source.bare_code(text))
        self.assertIn("1'000", source.bare_code(text))


class TheTree(unittest.TestCase):
    """The real one."""

    @classmethod
    def setUpClass(cls):
        cls.names = source.project_files(ROOT)
        cls.files = source.code_files(ROOT)
        cls.layers = layers.read_layers(LAYERS_FILE.read_text()) if LAYERS_FILE else []

    def assertNone(self, findings):
        if findings:
            self.fail("\n" + "\n".join(findings))

    def test_depends_follow_the_architecture(self):
        self.assertTrue(self.layers, "no layers: pass build/<preset>/architecture/layers.txt")
        self.assertNone(layers.declared_wrongly(self.layers))

    def test_includes_follow_depends(self):
        self.assertTrue(self.files)
        self.assertNone(layers.included_wrongly(self.layers, self.files))

    def test_nothing_forbidden_stands_anywhere(self):
        self.assertNone(forbidden.forbidden(self.files))

    def test_co_await_lines_hold_only_names_literals_and_calls(self):
        self.assertNone(forbidden.coroutine_lines(self.files))

    def test_every_code_is_in_the_table_and_on_the_page(self):
        page = ROOT / error_codes.PAGE
        self.assertNone(error_codes.findings(self.files, page.read_text(encoding="utf-8") if page.exists() else ""))

    def test_every_code_that_can_be_produced_is_expected_by_a_test(self):
        tests = {name: (ROOT / name).read_text(encoding="utf-8") for name in self.names
                 if name.startswith("tests/") and name.endswith((".cpp", ".h", ".py"))
                 and not name.startswith("tests/architecture/")}
        self.assertNone(error_codes.untested(self.files, tests))

    def test_the_top_level_is_the_known_one(self):
        self.assertNone(project_text.top_level(self.names))

    def test_files_are_short(self):
        findings, notes = project_text.lengths(project_text.texts_of(ROOT, self.names))
        print("".join(f"\nnote: {note}" for note in notes))
        self.assertNone(findings)

    def test_links_lead_somewhere(self):
        self.assertNone(project_text.links(project_text.texts_of(ROOT, self.names), self.names))

    def test_the_text_speaks_of_the_product_alone(self):
        self.assertNone(project_text.wording(project_text.texts_of(ROOT, self.names)))


if __name__ == "__main__":
    if len(sys.argv) > 2 and Path(sys.argv[2]).is_file():
        ROOT, LAYERS_FILE = Path(sys.argv[1]), Path(sys.argv[2])
        del sys.argv[1:3]
    unittest.main()
