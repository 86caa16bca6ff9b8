"""Enum constants of the public headers: explicit values, no value twice in an enum, and a name for each status.

enums.py PROJECT
"""
import re
import sys
from pathlib import Path


def enums(text):
    """The (name, value) pairs of each enum; value None when it is not written."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for body in re.findall(r"\benum\s*\w*\s*\{([^}]*)\}", text):
        yield [(m[1], m[2]) for m in re.finditer(r"(\w+)\s*(?:=\s*([^,\s]+))?\s*(?:,|$)", body)]


def main(project):
    root, faults, seen, statuses = Path(project), [], {}, []
    for path in sorted((root / "include" / "flexmetrics").glob("*.h")):
        for enum in enums(path.read_text(encoding="utf-8")):
            values = [value for _, value in enum]
            for name, value in enum:
                if value is None:
                    faults.append(f"{path.name}: {name} has no explicit value")
                elif values.count(value) > 1:
                    faults.append(f"{path.name}: {name} shares the value {value}")
                if not name.startswith("FM_") or name in seen:
                    faults.append(f"{path.name}: {name} is taken, or does not begin with FM_")
                seen[name] = value
            if any(name == "FM_OK" for name, _ in enum):
                statuses = [name for name, _ in enum]
    table = (root / "lib" / "base" / "error.c").read_text(encoding="utf-8")
    named = re.findall(r"\[(FM_\w+)\] = \"(\w+)\"", table)
    faults += [f"error.c: {a} is called {b}" for a, b in named if a != b]
    faults += [f"error.c: {name} is named {[a for a, _ in named].count(name)} times" for name in statuses
               if [a for a, _ in named].count(name) != 1]
    faults += [f"error.c: {a} is no status" for a, _ in named if a not in statuses]
    print("\n".join(faults) or f"enums: {len(seen)} constants, {len(statuses)} statuses")
    sys.exit(bool(faults) or not statuses)


main(*sys.argv[1:])
