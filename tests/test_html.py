"""The HTML report in a real browser: what it says, by mouse, keyboard and screen reader, and what it must not do."""

import shutil
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from conftest import Repository
from playwright.sync_api import Browser, Page, sync_playwright
from test_check import BETTER, PROJECT

from dodcheck.audit.lines import ItemLine, Line, Place, RuleLine
from dodcheck.audit.rows import Audited
from dodcheck.audit.summary import Summary
from dodcheck.change import ChangedFile
from dodcheck.facts.runs.matrix_row import MatrixRow
from dodcheck.history import Merged
from dodcheck.render import audit_html, html
from dodcheck.report import ChangeInfo, DefinitionInfo, ItemResult, Ref, Report, RuleResult, RunInfo, TaskInfo
from dodcheck.report_sections import ChangedLine, ChangedLines, Section, TaskReport
from dodcheck.verdict import Evidence, Finding, Status

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOSTILE = (
    "<script>window.hacked = 1</script>",
    "</script></style></title><svg onload='window.hacked = 1'>",
    "\"'><img src=x onerror='window.hacked = 1'>",
    "[link](javascript:alert(1)) **bold** {{ 7 * 7 }} {% raw %} <!-- &lt;",
    "`<b>code</b>` and ` alone",
    "W" * 3000,
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 abc",
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium: `make browser` installs Debian's")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield chromium
        chromium.close()


class Reader:
    """A page in the browser, with what it complained of and asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def opens(self, file: Path) -> Page:
        """Load a file and wait until it is there."""
        self.page.goto(file.as_uri())
        return self.page


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    one = Reader(page)
    yield one
    page.close()
    assert one.complaints == []
    assert all(url.startswith("file://") for url in one.requests)
    assert len(set(one.requests)) <= 1


LINES = ChangedLines(
    "app.py",
    (
        ChangedLine(2, "\tif x:  # \u202e odd", ran=True),
        ChangedLine(3, "        import   sys", ran=False),
        ChangedLine(9, "# a remark"),
    ),
    more=1,
)


def an_item(text: str, status: Status, *rules: RuleResult, **more: str) -> ItemResult:
    return ItemResult(
        id="an-item",
        kind="checkbox",
        section=more.get("section", "Code & Tests"),
        text=text,
        line=1,
        status=status,
        summary=more.get("summary", f"{text} in short"),
        explanation=more.get("explanation"),
        rules=rules,
    )


def a_report(*items: ItemResult, **more: object) -> Report:
    """Return a report that is not done; keywords replace its fields."""
    report = Report(
        version="1.0",
        verdict="not-done",
        change=ChangeInfo(
            Ref("main", "a" * 40),
            Ref("working tree", None),
            "behavioural",
            (
                ChangedFile("app.py", None, "modified", 3, 1, "source"),
                ChangedFile("new.bin", "old.bin", "renamed", None, None, "other"),
            ),
        ),
        definition=DefinitionInfo("DOD.md", "as of main", "Done"),
        items=items,
        report=TaskReport(
            sections=(Section("Decisions made and why", ("`decay` is off",)), Section("Risks", ())),
            changed_lines=(LINES,),
        ),
        runs=(RunInfo("pytest", ("python", "-m", "pytest"), "head", 0, 1.25, timed_out=False, version="9.0"),),
        started="2026-01-01T00:00:00+00:00",
        seconds=2.0,
    )
    return msgspec.structs.replace(report, **more)


def lint(*findings: Finding) -> RuleResult:
    return RuleResult("lint", Status.FAIL, "new findings", 0.1, (Evidence("ruff ran", command="ruff check"),), findings)


UNUSED = Finding("F401: `sys` imported but unused", path="app.py", line=3, fix="remove it", rule="lint")
PASSING = RuleResult("comments", Status.PASS, "all told", 0.1, (Evidence("2 places read", path="app.py", line=2),), ())
MIXED = a_report(
    an_item("Linting passes", Status.FAIL, lint(UNUSED)),
    an_item("The team likes it", Status.NEEDS_REVIEW, section="People"),
    an_item("Comments are there", Status.PASS, PASSING, explanation="see the `README`"),
)


def row(node: str, *cells: str | None, **more: bool) -> MatrixRow:
    return MatrixRow(node, more.get("changed", False), more.get("proves", False), *cells)


def of_tests(*findings: Finding, rows: tuple[MatrixRow, ...]) -> Report:
    rule = RuleResult("no-regressions", Status.FAIL, "tests fail", 1.0, (), findings)
    report = TaskReport(tests={"passed": 7, "failed": 2}, matrix=rows)
    return a_report(an_item("Tests pass", Status.FAIL, rule), report=report)


MATRIX = of_tests(
    Finding("t.py::test_old failed", path="t.py", symbol="t.py::test_old[1]", code="regression"),
    Finding("t.py::test_odd failed", path="t.py", symbol="t.py::test_odd", code="flaky", level="warning"),
    rows=(
        row("t.py::test_idle", "passed", "passed", None, None, changed=True),
        row("t.py::test_new", "passed", "not-collected", None, None, changed=True, proves=True),
        row("t.py::test_odd", "failed", None, None, "passed"),
        row("t.py::test_old[1]", "failed", None, "failed", "passed"),
    ),
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The mixed report as a file."""
    return write(MIXED, tmp_path)


def write(report: Report, folder: Path) -> Path:
    file = folder / "report.html"
    file.write_text(html(report), encoding="utf-8")
    return file


def shown(page: Page) -> list[str]:
    return [one.inner_text() for one in page.locator(".item .what").all() if one.is_visible()]


def test_a_real_check_is_told_whole(reader: Reader, repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.write(BETTER)
    ran = repository.run("check", "--base", "HEAD", "-o", "out.html", "-o", "out.json")
    report = msgspec.json.decode((repository.path / "out.json").read_bytes(), type=Report)
    page = reader.opens(repository.path / "out.html")
    assert ran.returncode == 0
    assert page.locator("h1").inner_text().endswith("Done")
    assert page.title().startswith("Done: HEAD")
    assert shown(page) == [item.text.replace("`", "") for item in report.items]
    assert [row.id for row in report.report.matrix] == ["tests/test_app.py::test_triple"]
    assert "1 fail-to-pass" in page.locator("#matrix").inner_text()
    assert "tests/test_app.py" in page.locator("#files").inner_text()
    again = repository.run("report", "--from", "out.json", "--format", "html").stdout
    reached = {
        line.number: line.ran for one in report.report.changed_lines if one.path == "app.py" for line in one.lines
    }
    assert set(reached.values()) == {True, None}
    assert again == (repository.path / "out.html").read_text()


def test_the_verdict_stands_first_and_headings_are_in_order(reader: Reader, written: Path) -> None:
    page = reader.opens(written)
    assert page.locator("main, header, nav, h1").first.inner_text().startswith("✗")
    levels = [int(name[1]) for name in page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => h.tagName)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    titles = page.locator("h2").all_inner_texts()
    assert titles == ["What is open", "Report", "Checklist", "Files", "What was run"]
    assert page.locator("#told h3").all_inner_texts() == ["Decisions made and why", "Risks"]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_evidence_unfolds_by_keyboard(reader: Reader, written: Path, key: str) -> None:
    page = reader.opens(written)
    first = page.locator(".item").first
    evidence = first.locator(".evidence")
    assert not evidence.is_visible()
    first.locator("summary").focus()
    page.keyboard.press(key)
    assert "app.py:3" in evidence.inner_text()
    assert "Fix: remove it" in evidence.inner_text()
    page.keyboard.press(key)
    assert not evidence.is_visible()


def test_every_control_is_reached_by_tab_and_shows_the_focus(reader: Reader, written: Path) -> None:
    page = reader.opens(written)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or page.evaluate("document.activeElement === document.body")
    wanted = page.eval_on_selector_all(
        "button, a[href], summary", "all => all.filter(e => e.checkVisibility()).map(e => e.outerHTML)"
    )
    assert set(wanted) <= reached


def test_filters_show_the_items_of_their_statuses(reader: Reader, written: Path) -> None:
    page = reader.opens(written)
    fail, review = page.locator("[data-filter=fail]"), page.locator("[data-filter=needs-review]")
    assert fail.get_attribute("aria-pressed") == "false"
    fail.focus()
    page.keyboard.press("Enter")
    assert fail.get_attribute("aria-pressed") == "true"
    assert shown(page) == ["Linting passes"]
    assert not page.get_by_role("heading", name="People").is_visible()
    assert page.get_by_role("status").inner_text() == "1 of 3 items shown"
    review.click()
    assert shown(page) == ["Linting passes", "The team likes it"]
    fail.click()
    review.click()
    assert len(shown(page)) == 3


def test_a_link_opens_its_item_even_where_a_filter_hides_it(reader: Reader, written: Path) -> None:
    page = reader.opens(written)
    page.locator("[data-filter=pass]").click()
    assert shown(page) == ["Comments are there"]
    page.locator("#open").get_by_role("link", name="Linting passes").click()
    page.locator("#item-1").wait_for(state="visible")
    assert len(shown(page)) == 3


def test_a_long_section_is_folded_after_its_first_lines(reader: Reader, tmp_path: Path) -> None:
    lines = tuple(f"`file{at}.py` modified" for at in range(30))
    page = reader.opens(
        write(msgspec.structs.replace(MIXED, report=TaskReport(sections=(Section("Files", lines),))), tmp_path)
    )
    assert page.get_by_text("file9.py modified").is_visible()
    assert not page.get_by_text("file10.py modified").is_visible()
    page.get_by_text("20 more lines").click()
    assert page.get_by_text("file29.py modified").is_visible()


def test_findings_stand_beside_their_files(reader: Reader, written: Path) -> None:
    page = reader.opens(written)
    files = page.locator(".file").all_inner_texts()
    assert "app.py" in files[0]
    assert "line 3: F401: sys imported but unused" in files[0]
    assert "renamed from old.bin, other, binary" in files[1]
    assert "no findings" in files[1]


def test_changed_lines_stand_with_what_ran_and_what_is_wrong(reader: Reader, written: Path) -> None:
    page = reader.opens(written)
    diff = page.locator(".diff")
    summary = diff.locator("summary")
    assert summary.inner_text() == "4 changed lines: 1 run by tests, 1 not run; \u2717 1 error beside them"
    assert not diff.locator("li").first.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    rows = diff.get_by_role("list", name="Changed lines of app.py").locator("li")
    assert [row.locator(".at, .ran").all_text_contents() for row in rows.all()] == [
        ["2", "run"],
        ["3", "not run"],
        ["9", ""],
    ]
    assert rows.locator("code").nth(0).text_content() == "\tif x:  # \\u202e odd"
    assert rows.nth(1).locator("> code").text_content() == "        import   sys"
    assert "F401: sys imported but unused (lint)" in rows.nth(1).inner_text()
    assert [row.get_attribute("class") for row in rows.all()] == [None, None, "gap"]
    assert diff.get_by_text("1 further changed line.").is_visible()
    rows.get_by_role("link", name="lint").click()
    page.locator("#item-1").wait_for(state="visible")


def test_files_without_findings_do_not_bury_the_others(reader: Reader, tmp_path: Path) -> None:
    changed = tuple(ChangedFile(f"a{at}.py", None, "added", 1, 0, "source") for at in range(30))
    change = ChangeInfo(MIXED.change.base, MIXED.change.head, "behavioural", (*changed, *MIXED.change.files))
    page = reader.opens(write(msgspec.structs.replace(MIXED, change=change), tmp_path))
    visible = [one.inner_text() for one in page.locator(".file").all() if one.is_visible()]
    assert [text.split()[0] for text in visible] == ["app.py"]
    page.get_by_text("31 files without findings").click()
    assert page.get_by_text("a29.py").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_system_and_its_own_switch(browser: Browser, written: Path, scheme: str) -> None:
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(written.as_uri())
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 18, 22)"}
    other = "light" if scheme == "dark" else "dark"
    seen = "getComputedStyle(document.documentElement).backgroundColor"
    switch = page.get_by_role("button", name="Dark")
    assert page.evaluate(seen) == ground[scheme]
    assert switch.get_attribute("aria-pressed") == str(scheme == "dark").lower()
    switch.click()
    assert page.evaluate(seen) == ground[other]
    page.close()


@pytest.mark.parametrize("report", [MIXED, MATRIX], ids=["checklist", "matrix"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_axe_finds_nothing(reader: Reader, tmp_path: Path, report: Report, scheme: str, width: int) -> None:
    page = reader.opens(write(report, tmp_path))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.locator("[data-filter]").first.click()
    page.locator("[data-filter]").first.click()
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert "color-contrast" in {one["id"] for one in found["passes"]}


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_the_repository_stays_text(reader: Reader, tmp_path: Path, text: str) -> None:
    finding = Finding(text, path=text, line=1, symbol=text, fix=text, code=text, rule="lint")
    rule = RuleResult("lint", Status.FAIL, text, 0.1, (Evidence(text, path=text, command=text),), (finding,))
    report = a_report(
        an_item(text, Status.FAIL, rule, section=text, summary=text, explanation=text),
        task=TaskInfo(text, text, text),
        definition=DefinitionInfo(text, text, text),
        change=ChangeInfo(Ref(text, text), Ref(text, text), "x", (ChangedFile(text, text, "renamed", 1, 1, "source"),)),
        report=TaskReport(
            sections=(Section(text, (text,)),),
            matrix=(row(text, "passed", None, None, None),),
            changed_lines=(ChangedLines(text, (ChangedLine(1, text),)),),
        ),
        runs=(RunInfo(text, (text,), text, 0, 1.0, timed_out=False, version=text, note=text),),
        notes=(text,),
    )
    page = reader.opens(write(report, tmp_path))
    page.set_viewport_size({"width": 380, "height": 900})
    page.locator("#fold").click()
    assert page.evaluate("window.hacked") is None
    assert page.locator("b, img, svg[onload]").count() == 0
    plain = " ".join(text.split()) if text.count("`") < 2 else text.replace("`", "", 2)
    assert page.locator(".what").inner_text() == plain
    assert page.locator("#files code").first.inner_text() == text
    assert page.locator("script").count() == 1
    page.locator(".diff summary").click()
    assert page.locator(".diff li > code").text_content() == text
    assert page.evaluate("document.documentElement.scrollWidth") == 380


def test_what_turns_text_around_is_shown_as_its_number(reader: Reader, tmp_path: Path) -> None:
    item = an_item(
        "access\u202e\u2066 gnp.exe\x00\x1b[31m",
        Status.FAIL,
        summary="zero\u200bwidth, \u0645\u06cc\u200c\u0634\u0648\u062f",
    )
    page = reader.opens(write(a_report(item), tmp_path))
    assert shown(page) == ["access\\u202e\\u2066 gnp.exe\\u0000\\u001b[31m"]
    assert page.locator(".why").inner_text() == "zero\\u200bwidth, \u0645\u06cc\u200c\u0634\u0648\u062f"


def test_the_matrix_is_a_picture_and_a_table(reader: Reader, tmp_path: Path) -> None:
    page = reader.opens(write(MATRIX, tmp_path))
    assert page.locator("svg .said").all_text_contents() == [
        "✗ regression",
        "? flaky",
        "? passes either way",
        "✓ fail-to-pass",
    ]
    assert "1 regression, 1 flaky" in (page.get_by_role("img").locator("desc").text_content() or "")
    page.get_by_text("The same as a table, whole").click()
    cells = [row.locator("th, td").all_inner_texts() for row in page.locator("#matrix tbody tr").all()]
    assert cells[0] == ["t.py::test_old[1]", "failed", "not run", "failed", "passed", "regression"]
    assert cells[3] == ["t.py::test_new", "passed", "not-collected", "not run", "not run", "fail-to-pass"]


def test_print_shows_what_is_folded(reader: Reader, written: Path) -> None:
    page = reader.opens(written)
    evidence = page.locator(".item .evidence").first
    height = "e => e.getBoundingClientRect().height"
    assert evidence.evaluate(height) == 0
    page.emulate_media(media="print")
    assert evidence.evaluate(height) > 20
    assert not page.locator(".filters").is_visible()
    assert page.locator(".diff li").first.evaluate(height) > 10
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")
    assert not evidence.is_visible()


def test_without_scripts_all_is_there_but_the_controls(browser: Browser, written: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(written.as_uri())
    assert page.locator("button:visible").count() == 0
    page.locator(".item summary").first.click()
    assert page.get_by_text("Fix: remove it").is_visible()
    page.close()


def test_two_thousand_findings_are_still_light(reader: Reader, tmp_path: Path) -> None:
    found = [
        Finding(f"E501: line {at} is too long", path=f"src/m{at % 97}.py", line=at, fix="wrap it", rule="lint")
        for at in range(1, 2001)
    ]
    rows = tuple(
        row(f"t.py::test_{at}", "passed", "failed", None, None, changed=True, proves=True) for at in range(500)
    )
    lines = [
        ChangedLines(f"src/m{of}.py", tuple(ChangedLine(at, "x = 1", ran=True) for at in range(of, 2001, 97)))
        for of in range(97)
    ]
    told = TaskReport(matrix=rows, changed_lines=tuple(lines))
    report = a_report(an_item("Linting passes", Status.FAIL, lint(*found)), report=told)
    file = write(report, tmp_path)
    assert file.stat().st_size < 2_000_000
    page = reader.opens(file)
    assert page.locator("details[open]").count() == 0
    assert page.locator("svg .said").count() == 60
    assert page.locator(".evidence .fix").count() == 2000
    page.locator(".item summary").click()
    assert page.get_by_text("E501: line 1 is too long").first.is_visible()
    drawn = "all => all.filter(e => e.checkVisibility({contentVisibilityAuto: true})).length"
    assert 0 < page.eval_on_selector_all(".evidence .fix", drawn) < 200  # what is far off is not laid out


def an_audit(text: str) -> Summary:
    """Return what an audit came to, with a text wherever a repository puts one."""
    place = Place(text, 3, text)
    stated = tuple(ItemLine("an-item", "checkbox", text, text, status) for status in (Status.FAIL, Status.PASS))
    rules = (
        RuleLine("lint", Status.FAIL, seconds=0.5, findings=2, first=place),
        RuleLine("comments", Status.NEEDS_REVIEW, first=place),
    )
    failing = [
        Line(key=str(n), change=Merged(f"{n:040}", "2026-01-01", text), items=stated[:1], rules=rules, seconds=1)
        for n in range(3)
    ]
    passing = Line(key="p", change=Merged("a" * 40, "2026-01-01", text), items=stated[1:], seconds=1)
    broken = Line(key="b", change=Merged("b" * 40, "2026-01-01", text), error=text, seconds=1)
    read = Audited(name=text, branch=text, definition=text, lines=(*failing, passing, broken), remarks=(text,))
    return Summary.of([read, Audited(name=text, problem=text)], 10.0)


def write_audit(text: str, folder: Path) -> Path:
    file = folder / "audit.html"
    file.write_text(audit_html(an_audit(text)), encoding="utf-8")
    return file


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 380)])
def test_axe_finds_nothing_on_the_page_of_an_audit(reader: Reader, tmp_path: Path, scheme: str, width: int) -> None:
    page = reader.opens(write_audit("`f` has no docstring", tmp_path))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("#fold").click()
    page.locator("#noisy summary").click()
    assert page.locator("h1").text_content() == "!3 of 5 changes would have failed"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def test_changes_of_an_audit_are_filtered_by_outcome(reader: Reader, tmp_path: Path) -> None:
    page = reader.opens(write_audit("plain", tmp_path))
    page.locator("[data-filter=error]").click()
    assert [text.split()[0] for text in shown(page)] == ["bbbbbbbbb"]
    assert page.get_by_role("status").inner_text() == "1 of 5 changes shown"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_an_audited_repository_stays_text(reader: Reader, tmp_path: Path, text: str) -> None:
    page = reader.opens(write_audit(text, tmp_path))
    page.set_viewport_size({"width": 380, "height": 900})
    page.locator("#fold").click()
    assert page.evaluate("window.hacked") is None
    assert page.locator("b, img, svg[onload]").count() == 0
    assert page.locator("script").count() == 1
    assert page.locator("#noisy li code").first.text_content() == "0" * 9
    assert page.evaluate("document.documentElement.scrollWidth") == 380
