"""The closing line of ./check: cases of meson's JUnit file, of pytest's, and of the list of stages and examples.

count.py CASES MESON_LOGS
"""
import sys
import xml.etree.ElementTree as E
from pathlib import Path


def outcomes(path, leave_out=()):
    """(name, "passed", "failed" or "skipped") of each case of a JUnit file."""
    for case in E.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname')} {case.get('name')}"
        if case.get("name") in leave_out:
            continue
        bad = case.find("failure") is not None or case.find("error") is not None
        yield name, "failed" if bad else "skipped" if case.find("skipped") is not None else "passed"


def main(cases, logs):
    pytest, meson = Path(logs) / "pytest.xml", Path(logs) / "testlog.junit.xml"
    found = [tuple(line.rsplit(" ", 1)) for line in Path(cases).read_text(encoding="utf-8").splitlines()]
    inside = []
    if meson.exists():
        inside += outcomes(meson, ("python",) if pytest.exists() else ())
    if pytest.exists():
        inside += outcomes(pytest)
    # The stages that run these are counted by their cases, unless they failed and no case says so.
    told = any(end == "failed" for _, end in inside)
    found = [c for c in found if c[0] not in ("build", "tests") or c[1] == "failed" and not told] + inside
    n = {end: sum(e == end for _, e in found) for end in ("passed", "failed", "skipped")}
    for name, end in found:
        if end == "failed":
            print(f"failed: {name}")
    if n["skipped"]:
        print(f"{n['skipped']} skipped")
    print(f"{n['passed']} passed, {n['failed']} failed")
    sys.exit(n["failed"] > 0 or n["passed"] == 0)


main(*sys.argv[1:])
