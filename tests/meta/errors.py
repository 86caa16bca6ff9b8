"""Every status and problem code of the library is in docs/errors.md, with the severity the code gives it, and no other.

errors.py PROJECT
"""
import re
import sys
from pathlib import Path


def main(project):
    root, faults = Path(project), []
    page = (root / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(FM-[A-Z]\d\d)` \| (error|note) \|", page, re.M)
    told = dict(rows)
    faults += [f"{code} is in docs/errors.md twice" for code in told if sum(c == code for c, _ in rows) > 1]
    used = {}
    for path in sorted((root / "lib").rglob("*.[ch]")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        for m in re.finditer(r'"(FM-[A-Z]\d\d)"', text):
            used.setdefault(m[1], path.relative_to(root))
            after = re.match(r'[^;}]{0,40}?severity = FM__NOTE', text[m.end():])
            if after and told.get(m[1]) != "note":
                faults.append(f"{m[1]} is a note in {path.relative_to(root)}, not in docs/errors.md")
    faults += [f"{code} of {path} is not in docs/errors.md" for code, path in sorted(used.items()) if code not in told]
    faults += [f"{code} of docs/errors.md is not in lib" for code in sorted(set(told) - set(used))]
    header = (root / "include" / "flexmetrics" / "base.h").read_text(encoding="utf-8")
    statuses = dict(re.findall(r"^\s+(FM_(?:OK|ERR_\w+)) = (\d+)", header, re.M))
    listed = {name: number for number, name in re.findall(r"^\| (\d+) \| `(FM_\w+)` \|", page, re.M)}
    if statuses != listed:
        differ = set(statuses.items()) ^ set(listed.items())
        faults.append(f"statuses differ between base.h and docs/errors.md: {differ}")
    print("\n".join(faults) or f"errors: {len(used)} codes and {len(statuses)} statuses told")
    sys.exit(bool(faults))


main(*sys.argv[1:])
