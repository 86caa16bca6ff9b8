"""Files and functions stay short; a source has its test; no marks of unfinished work.

sizes.py PROJECT
"""
import re
import sys
from pathlib import Path

LIMITS = [("lib/**/*.c", 600), ("lib/**/*.h", 300), ("include/flexmetrics/*.h", 300), ("examples/cli/*.c", 600),
          ("tests/**/*.c", 600), ("bindings/**/*.py", 600)]
FUNCTION_LINES = 60
TABLES = re.compile(r"(_table\.h|schema_data\.c)$")  # data in the form of code


def functions(lines):
    """(name line, length) of each function, by the house's brace in the first column."""
    start = None
    for i, line in enumerate(lines):
        if line == "{":
            start = i
        elif line == "}" and start is not None:
            yield start, i - start + 1
            start = None


def main(project):
    root, faults = Path(project), []
    for pattern, limit in LIMITS:
        for path in sorted(root.glob(pattern)):
            lines = path.read_text(encoding="utf-8").splitlines()
            name = path.relative_to(root)
            if len(lines) > limit and not TABLES.search(str(name)):
                faults.append(f"{name}: {len(lines)} lines, at most {limit}")
            if path.suffix == ".c":
                faults += [f"{name}:{at + 1}: a function of {n} lines, at most {FUNCTION_LINES}"
                           for at, n in functions(lines) if n > FUNCTION_LINES and not str(name).startswith("tests")]
            faults += [f"{name}:{i + 1}: over 120 columns" for i, line in enumerate(lines) if len(line) > 120]
            faults += [f"{name}:{i + 1}: unfinished: {line.strip()}" for i, line in enumerate(lines)
                       if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line)]
    for path in sorted((root / "lib").rglob("*.c")):
        subject = path.relative_to(root / "lib").parts[0]
        tests = list((root / "tests" / subject).glob("test_*.c"))
        if not tests:
            faults.append(f"{path.relative_to(root)}: its subject has no tests")
    print("\n".join(faults) or "sizes: nothing to say")
    sys.exit(bool(faults))


main(*sys.argv[1:])
