"""Who may include whom: reads the #include lines of lib/, examples/, bindings/ and tests/ against the table of layers.

layers.py PROJECT
"""
import re
import sys
from pathlib import Path

LAYERS = [["base"], ["num", "calendar", "table", "code"], ["tally", "arrow", "csv", "spell", "survey"],
          ["register", "dream", "settlement", "series"],
          ["retention", "income", "labour", "target", "programme", "economy", "parity", "effect", "disclose"],
          ["sdg", "framework"], ["catalogue", "report"]]
LAYER = {subject: n for n, layer in enumerate(LAYERS) for subject in layer}
# Inside layers 1 and 2 a subject sees nothing beside itself but these; inside the last one everything.
BESIDE = {"table": {"calendar"}, "code": {"calendar", "num", "table"}, "spell": {"tally"},
          "survey": {"tally"}}
MEASURES_MAY = 2  # layer 4 stands on layers 0 to 2, not on the register
SYSTEM = {"stdio.h": {"base"}, "pthread.h": {"base"}, "stdatomic.h": {"base", "table", "code"}, "errno.h": {"base"},
          "windows.h": {"base"}, "locale.h": set(), "unistd.h": set(), "time.h": set()}
FORBIDDEN = re.compile(r"\b(malloc|calloc|realloc|free|printf|fprintf|puts|exit|abort|getenv|setlocale|strtod|atof|"
                       r"rand|time|fopen)\s*\(")
TEXT_FORMS = re.compile(r"\bsnprintf\b[^;]*%[-+ #0-9.*]*[efgaEFGA]")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
faults = []


def fault(path, line, message):
    faults.append(f"{path}:{line}: {message}")


def allowed(user, used):
    if user == used or used == "base":
        return True
    if LAYER[user] == 4:
        return LAYER[used] <= MEASURES_MAY
    if LAYER[used] < LAYER[user]:
        return True
    return used in BESIDE.get(user, set()) or (LAYER[user] == 6 and LAYER[used] == 6)


def strip(text):
    """The code without comments and text literals, lines kept."""
    keep_lines = lambda m: re.sub(r"[^\n]", " ", m.group())
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', keep_lines, text, flags=re.S)


def subject_of(include):
    if include == "flexmetrics/version.h":
        return "base"
    parts = include.split("/") # a long public header has parts: income.h, income_change.h
    return parts[1].removesuffix(".h").split("_")[0] if parts[0] == "flexmetrics" else parts[0]


def check_lib(root, path):
    subject = path.relative_to(root / "lib").parts[0]
    text = path.read_text(encoding="utf-8")
    if subject not in LAYER:
        fault(path, 1, f"{subject} is not a subject")
        return
    for m in INCLUDE.finditer(text):
        line, name = text.count("\n", 0, m.start(2)) + 1, m.group(2)
        if m.group(1) == "<":
            if name in SYSTEM and subject not in SYSTEM[name] and not (name == "stdio.h"):
                fault(path, line, f"<{name}> belongs to base")
            continue
        if ".." in name or "/" not in name:
            fault(path, line, f'"{name}": includes are written from the root')
        elif subject_of(name) in LAYER and not allowed(subject, subject_of(name)):
            fault(path, line, f"{subject} may not include {name}")
        elif subject_of(name) not in LAYER:
            fault(path, line, f"{name}: unknown subject")
    code = strip(text)
    if subject != "base":
        for m in FORBIDDEN.finditer(code):
            fault(path, code.count("\n", 0, m.start()) + 1, f"{m.group(1)} is not for the library")
    for m in TEXT_FORMS.finditer(text):
        fault(path, text.count("\n", 0, m.start()) + 1, "floating-point text follows the host's locale")
    for m in re.finditer(r"\b(malloc|exit|abort|printf|getenv)\s*\(", code):
        fault(path, code.count("\n", 0, m.start()) + 1, f"{m.group(1)} is not for the library")


def check_public(path):
    subject = path.stem.split("_")[0]
    text = path.read_text(encoding="utf-8")
    for m in INCLUDE.finditer(text):
        line, name = text.count("\n", 0, m.start(2)) + 1, m.group(2)
        if m.group(1) == "<" and name not in ("stddef.h", "stdint.h", "stdbool.h"):
            fault(path, line, f"<{name}> in a public header")
        if m.group(1) == '"' and subject in LAYER and not allowed(subject, subject_of(name)):
            fault(path, line, f"{subject}.h may not include {name}")


def check_outside(path):
    text = path.read_text(encoding="utf-8")
    for m in INCLUDE.finditer(text):
        name = m.group(2)
        if name.endswith("_priv.h") or (name.startswith("flexmetrics/") and path.suffix == ".c"):
            fault(path, text.count("\n", 0, m.start(2)) + 1, f"{name}: outside the library only <flexmetrics.h>")


def main(project):
    root = Path(project)
    for path in sorted((root / "lib").rglob("*.[ch]")):
        check_lib(root, path)
    for path in sorted((root / "include" / "flexmetrics").glob("*.h")):
        check_public(path)
    for folder in "examples", "bindings":
        for path in sorted((root / folder).rglob("*.[chi]")):
            check_outside(path)
    for name in "util", "common", "misc", "helpers", "service", "model":
        for path in [*(root / "lib").rglob(f"{name}*"), *(root / "tests").rglob(f"{name}*")]:
            fault(path, 1, f"a drawer called {name}")
    print("\n".join(faults) or "layers: nothing to say")
    sys.exit(bool(faults))


main(*sys.argv[1:])
