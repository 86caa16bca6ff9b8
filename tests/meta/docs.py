"""Pages do not promise what is not there: links lead to files, codes of the glossary exist, every page is in the index,
and README's table of measures has every measure and no other.

docs.py PROJECT
"""
import csv
import re
import sys
from pathlib import Path


def words(root):
    """Every code of the lists and catalogue, every name in schema and headers, every measure and its stem."""
    found = set()
    for path in [*(root / "data").glob("*.csv"), *(root / "data" / "catalogue").glob("*.csv")]:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                found.update(re.split(r"[.\s]", row[0]))
    for path in [root / "lib" / "register" / "schema_data.c", *(root / "include" / "flexmetrics").glob("*.h")]:
        found.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return found


def measures(root):
    """What README's table of measures lacks or invents; `labour.*` stands for all of a subject, with their number."""
    text = (root / "README.md").read_text(encoding="utf-8").split("## What it computes")[1].split("\n## ")[0]
    shown = set(re.findall(r"`(\w+\.\w+)`", text))
    with (root / "data" / "catalogue" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["id"] for row in csv.DictReader(file)}
    for subject, number in re.findall(r"`(\w+)\.\*` \| (\d+) measures", text):
        all_of_it = {name for name in ids if name.startswith(subject + ".")}
        shown |= all_of_it
        if len(all_of_it) != int(number):
            yield f"README.md: {subject} has {len(all_of_it)} measures, not {number}"
    yield from (f"README.md: the table of measures lacks {name}" for name in sorted(ids - shown))
    yield from (f"README.md: {name} is no measure" for name in sorted(shown - ids))


def main(project):
    root, faults = Path(project), []
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not re.match(r"https?://", link) and not (page.parent / link).exists():
                faults.append(f"{page.relative_to(root)}: {link} leads nowhere")
    known = words(root)
    for line in (root / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = line.split("|")
        if len(cells) == 6:
            faults += [f"docs/glossary.md: {code} is no code" for code in re.findall(r"`(\w+)`", cells[2])
                       if code not in known]
    index = (root / "docs" / "index.md").read_text(encoding="utf-8")
    named = [page.relative_to(root / "docs") for page in (root / "docs").rglob("*.md") if page.name != "index.md"]
    faults += [f"docs/index.md does not name {name}" for name in named if f"({name})" not in index]
    faults += measures(root)
    print("\n".join(faults) or f"docs: {len(pages)} pages")
    sys.exit(bool(faults))


main(*sys.argv[1:])
