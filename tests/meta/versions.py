"""One version everywhere: meson.build is the source; package, pages, an example, pkg-config and header say the same.

versions.py PROJECT BUILD VERSION
"""
import re
import sys
from pathlib import Path


def main(project, build, version):
    root, faults = Path(project), []
    places = [(root / "pyproject.toml", r'^version = "([^"]+)"'), (root / "CHANGELOG.md", r"^## ([0-9.]+)"),
              (root / "CITATION.cff", r"^version: (.+)$"),
              (root / "examples/csharp/expected.txt", r"^flexmetrics (.+)$"),
              (Path(build) / "flexmetrics.pc", r"^Version: (.+)$"),
              (Path(build) / "include/flexmetrics/version.h", r'^#define FM_VERSION "([^"]+)"')]
    for path, pattern in places:
        found = re.search(pattern, path.read_text(encoding="utf-8"), re.M)
        if not found or found.group(1) != version:
            faults.append(f"{path.name}: {found.group(1) if found else 'no version'}, expected {version}")
    print("\n".join(faults) or f"versions: {version} in {len(places)} places")
    sys.exit(bool(faults))


main(*sys.argv[1:])
