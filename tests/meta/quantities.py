"""Each quantity that people see has a role in disclosure control, and each role is of a quantity.

quantities.py PROJECT
"""
import csv
import sys
from pathlib import Path


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def is_like(pattern, text):
    if pattern.startswith("*"):
        return text.endswith(pattern[1:])
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def main(root):
    data = root / "data" / "catalogue"
    ids = [r["id"] for r in rows(data / "indicators.csv")]
    lines = [(i, q, r) for r in rows(data / "quantities.csv") for i in r["indicator"].split()
             for q in r["quantity"].split()]
    faults = []
    known = {i for i, _, _ in lines}
    faults += [f"{i}: none of its quantities has a role" for i in ids if not any(is_like(k, i) for k in known)]
    labels = [r["key"][9:] for r in rows(data / "labels.csv") if r["key"].startswith("quantity.")]
    for label in labels:
        own = next((i for i in ids if label.startswith(i + ".")), None)  # a label of one indicator
        name = label[len(own) + 1:] if own else label
        name = name[:-6] if name.endswith(".short") else name
        if not any(is_like(q, name) and (own is None or is_like(i, own)) for i, q, _ in lines):
            faults.append(f"{label}: no role; docs/methods/disclosure.md has them")
    for i, q, r in lines:
        if r["role"] in ("derived",) and not r["of"]:
            faults.append(f"{i} {q}: derived of what?")
        for of in r["of"].split() if r["role"] != "quantile" else []:
            whole = of.split(":")[0]
            if whole != "index" and not any(i2 == i and q2 == whole for i2, q2, _ in lines):
                faults.append(f"{i} {q}: of {whole}, which has no role")
    print("\n".join(f"data/catalogue/quantities.csv: {fault}" for fault in faults) or "ok")
    return bool(faults)


sys.exit(main(Path(sys.argv[1])))
