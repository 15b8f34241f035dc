"""JUnit XML, read back by another's reader."""

import pytest
from format_reports import rendered, small
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

TestCase.__test__ = False  # pytest takes it for a class of tests


def _cases(text: str) -> dict[str, TestCase]:
    """Return test cases by name, after holding the counts against them."""
    root = JUnitXml.fromstring(text.encode())
    found: dict[str, TestCase] = {}
    told = (root.tests, root.failures, root.errors)
    for suite in root:
        cases = list(suite)
        ends = [type(one) for case in cases for one in case.result]
        counted = (len(cases), ends.count(Failure), ends.count(Error), ends.count(Skipped))
        assert counted == (suite.tests, suite.failures, suite.errors, suite.skipped)
        found |= {case.name: case for case in cases}
        assert {case.classname for case in cases} == {suite.name}
        assert len({case.name for case in cases}) == len(cases)
    root.update_statistics()  # type: ignore[no-untyped-call]  # the package has no hints for it
    assert told == (root.tests, root.failures, root.errors)
    return found


def _end(case: TestCase) -> tuple[type, str] | None:
    return (type(case.result[0]), case.result[0].type) if case.result else None


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TestCase]:
    """The test cases of the hostile report, by the first word of their names."""
    cases = _cases(rendered(tmp_path_factory.mktemp("junit"), "junit"))
    return {name.split()[0]: case for name, case in cases.items()}


def test_a_real_check_has_a_test_case_for_each_item(tmp_path_factory: pytest.TempPathFactory) -> None:
    repository = small(tmp_path_factory.mktemp("junit"))
    ran = repository.run("check", "--base", "HEAD", "--fast", "--format", "junit", "-o", "../out.xml")
    assert ran.returncode == 1, ran.stderr
    assert (repository.path.parent / "out.xml").read_text(encoding="utf-8") == ran.stdout
    cases = _cases(ran.stdout)
    lint, person = cases["Linting passes"], cases["The team likes it: <b>50%</b>, really"]
    assert _end(lint) == (Failure, "fail")
    assert "ünï:co,de 100%.py:1: error: F401" in lint.result[0].text
    assert _end(cases["Type hints added for public functions"]) == (Skipped, "waived")
    assert _end(person) == (Failure, "needs-review")
    assert {item.text for item in repository.check("--base", "HEAD", "--fast").items} == set(cases)


def test_each_status_ends_its_test_case_in_its_way(hostile: dict[str, TestCase]) -> None:
    assert {name: _end(case) for name, case in hostile.items()} == {
        "fails": (Failure, "fail"),
        "fails-again": (Failure, "fail"),
        "waived": (Skipped, "waived"),
        "unbound": (Failure, "needs-review"),
        "explained": (Skipped, "needs-review"),
        "crashed": (Error, "error"),
        "left-out": (Skipped, "not-run"),
        "holds": None,
        "advice": (Skipped, "not-applicable"),
    }


def test_hostile_text_comes_back_but_for_what_no_xml_can_hold(hostile: dict[str, TestCase]) -> None:
    assert 'a"b<c>&]]> 50%' in hostile["fails"].name
    assert "\\x1b[31m\\x00" in hostile["fails"].name
    assert "99 " in hostile["fails"].result[0].text, "the finding without a file"
    assert "ünï:co,de 100%.py:12: error: 12 " in hostile["fails"].result[0].text
    assert 'stubs: src dir/ünï:co,de 100%.py:3: a"b<c>&]]>' in (hostile["holds"].system_out or "")


def test_an_explanation_is_told(hostile: dict[str, TestCase]) -> None:
    assert "(the author: a" in hostile["explained"].result[0].message
