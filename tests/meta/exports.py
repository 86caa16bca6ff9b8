"""The same set of functions in the headers, in the map file and in the built library; names follow the grammar.

exports.py PROJECT LIBRARY.so [--write]     --write makes the map file from the headers
"""
import re
import subprocess
import sys
from pathlib import Path

GRAMMAR = re.compile(r"fm_[a-z][a-z0-9]*(_[a-z0-9]+)*$")
DECLARATION = re.compile(r"^FM_API\s+(?:FM_NODISCARD\s+)?(?P<type>[A-Za-z_0-9 ]+?[\s*]+)(?P<name>fm_\w+)\s*\(", re.M)


def declared(root):
    names = {}
    for path in sorted((root / "include" / "flexmetrics").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        for m in DECLARATION.finditer(text):
            names[m["name"]] = (path.name, m.group())
    return names


def mapped(root):
    text = (root / "lib" / "flexmetrics.map").read_text(encoding="ascii")
    return set(re.findall(r"^\s+(fm_\w+);", text, re.M))


def write_map(root, names):
    lines = ["/* Exported functions, one block a release; made by tests/meta/exports.py --write. */", "FLEXMETRICS_0 {",
             "  global:", *[f"    {name};" for name in sorted(names)], "  local:", "    *;", "};", ""]
    (root / "lib" / "flexmetrics.map").write_text("\n".join(lines), encoding="ascii")


def main(project, library, *flags):
    root = Path(project)
    names = declared(root)
    if "--write" in flags:
        write_map(root, names)
        return
    faults = [f"{file}: {name} does not follow fm_<subject>_<verb>" for name, (file, _) in names.items()
              if not GRAMMAR.match(name)]
    faults += [f"{file}: {name} returns fm_status without FM_NODISCARD" for name, (file, text) in names.items()
               if "fm_status " in text and "FM_NODISCARD" not in text and "fm_status_name" not in text
               and name != "fm_execute_threads"]
    out = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    built = {line.split()[2].split("@")[0] for line in out.splitlines() if line.split()[1] in "TBDRVW"}
    for a, b, what in ((set(names), mapped(root), "in a header but not in the map"),
                       (mapped(root), set(names), "in the map but in no header"),
                       (set(names), built, "in a header but not in the library"),
                       (built, set(names), "in the library but in no header")):
        faults += [f"{name} is {what}" for name in sorted(a - b)]
    undefined = subprocess.run(["nm", "-D", "--undefined-only", library], capture_output=True, text=True).stdout
    for word in "exit", "abort", "printf", "getenv", "setlocale", "puts":
        if re.search(rf"\b{word}(@|$)", undefined, re.M):
            faults.append(f"the library imports {word}")
    print("\n".join(faults) or f"exports: {len(names)} functions agree")
    sys.exit(bool(faults))


main(*sys.argv[1:])
