"""docs/sdg.md is what data/sdg/indicators.csv says.

sdg.py PROJECT [--write]     --write puts it into docs/sdg.md
"""
import csv
import sys
from pathlib import Path

HEAD = """# Goals 8 and 10, indicator by indicator

Made from `data/sdg/indicators.csv` by `tests/meta/sdg.py`; the same words as `flexmetrics describe 8.5.2` and
`fm.describe("8.5.2")`. Where an id stands under *computed by*, the number of the indicator itself can be computed:
`flexmetrics compute 10.2.1 DATA`. The edition is the year of the metadata read. What the words mean:

| computed from | needs |
|---|---|
| microdata | a row for each person or household |
| grouped | shares or means by group |
| totals | a few totals of a country |
| none | it cannot be computed from such data; the note says why |

"""


def page(rows):
    out = [HEAD, "| indicator | name | custodian | computed from | computed by | series |\n|---|---|---|---|---|---|\n"]
    for r in rows:
        series = ", ".join(f"`{s}`" for s in r["series"].split())
        by = f"`{r['computed_by']}`" if r["computed_by"] else ""
        out.append(f"| [{r['id']}](#{r['id'].replace('.', '')}) | {r['name_en']} | {r['custodian']} | {r['input']} | {by} "
                   f"| {series} |\n")
    for r in rows:
        out.append(f"\n## {r['id']}\n**{r['name_en']}** ({r['name_da']})\n\n{r['definition_en']}")
        out.append(f" {r['note_en']}\n\n" if r["note_en"] else "\n\n")
        facts = [("target", r["target_en"]), ("unit", r["unit_en"]), ("population", r["population_en"]),
                 ("broken down by", r["breakdowns"]), ("options", f"`{r['options']}`" if r["options"] else ""),
                 ("source", f"{r['source']} ({r['edition']}, {r['status']})")]
        out += [f"- {name}: {text}\n" for name, text in facts if text]
    return "".join(out)


def main(project, write=None):
    root = Path(project)
    with (root / "data" / "sdg" / "indicators.csv").open(encoding="utf-8", newline="") as f:
        text = page(list(csv.DictReader(f)))
    path = root / "docs" / "sdg.md"
    if write:
        path.write_text(text, encoding="utf-8")
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        sys.exit("docs/sdg.md is not what data/sdg/indicators.csv says: python3 tests/meta/sdg.py . --write")
    print("sdg: docs/sdg.md is up to date")


main(*sys.argv[1:])
