#!/usr/bin/env python3
"""Makes the tables of this folder from source/lalonde_nsw_psid.csv. Standard library only. Usage: make.py [FOLDER]"""

import csv
import os
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import files  # noqa: E402

PERIODS = [("1974", "re74"), ("1975", "re75"), ("1978", "re78")]
INITIATIVE = "nsw"


def read_source():
    with open(os.path.join(HERE, "source", "lalonde_nsw_psid.csv"), encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def tables(rows):
    out = {"persons": [], "incomes": [], "participants": []}
    for row in rows:
        trainee = row["treat"] == "1"
        who = f"L{int(row['id']):03d}"
        out["persons"].append({"person_id": who, "sex": "male",
                               "target_group": "nsw_trainee" if trainee else "comparison",
                               "education": "no_degree" if row["nodegree"] == "1" else "degree"})
        for period, column in PERIODS:
            out["incomes"].append({"person_id": who, "period": period, "income": repr(float(row[column]))})
        if trainee:
            out["participants"].append({"initiative_id": INITIATIVE, "person_id": who})
    return out


def mean(rows, column):
    """The exact mean in dollars, rounded to cents."""
    total = sum(Fraction(float(row[column])) for row in rows)
    return f"{float(total / len(rows)):.2f}"


def facts(rows):
    out = [("people", len(rows))]
    for group, name in (("1", "trainees"), ("0", "comparison group")):
        part = [row for row in rows if row["treat"] == group]
        out.append((name, len(part)))
        out += [(f"{name}: mean earnings {period}, dollars", mean(part, column)) for period, column in PERIODS]
        out += [(f"{name}: without earnings {period}", sum(float(row[column]) == 0 for row in part))
                for period, column in PERIODS]
        out.append((f"{name}: without a school degree", sum(row["nodegree"] == "1" for row in part)))
    return out


README = """# Trainees of the National Supported Work Demonstration and a comparison group

Real data: yearly earnings of {people} American men before and after a work-training programme of the 1970s, and of
men who were not in it. The classic test of what a comparison group without an experiment can and cannot tell.

    flexmetrics check examples/data/nsw

**Source.** LaLonde, R. J. (1986), "Evaluating the econometric evaluations of training programs with experimental
data", *American Economic Review* 76(4), 604-620; the subset with 1974 earnings of Dehejia, R. H. and Wahba, S.
(1999), "Causal effects in nonexperimental studies", *Journal of the American Statistical Association* 94(448),
1053-1062. The rows are those of data set `lalonde` of R package MatchIt. Published research data, used with
citation; the citations above must follow the data. `make.py` is MIT.

**Which comparison group.** MatchIt's newer pages call the 429 the PSID sample; its first ones said CPS. The paper's
third CPS group has 429 members and its third PSID group 128, so these are most likely the men of **CPS-3**. The
name of the source file is kept as it was found. No figure depends on the name.

**How the tables were made** (`python3 make.py`; standard library only)

- `persons.csv`: all are men: the samples are the male trainees and male comparison groups of the two papers.
  `target_group` is `nsw_trainee` or `comparison` (`codes/target_group.csv`); `education` is `degree` or `no_degree`
  (high school).
- `incomes.csv`: `re74`, `re75`, `re78` as periods 1974, 1975, 1978, in dollars, digits as in the source. Concept:
  earnings of the person in a year. The columns are documented as *real* earnings, the files do not say at which
  prices (the papers' tables use 1982 dollars), so the package says "as published". A zero is a year without
  earnings, not a missing answer.
- `initiatives.csv`, `participants.csv`: the trainees took part in the programme. People entered between March 1975
  and July 1977 according to LaLonde and had left before 1978; nobody's own dates are in the data, so `joined_on`
  and `left_on` are blank, and `end` is the last day before the outcome year.
- Age, years of school, ethnicity and marriage, which an adjusted comparison needs, are in
  `source/lalonde_nsw_psid.csv`; `id` 1 is person `L001`. The register has no columns for them.

**Read with care.** The plain difference in 1978 is not the effect of the programme: the two groups were not alike
before.

**Figures** (computed by `make.py`)

{facts}
"""

PACKAGE = {
    "name": "nsw",
    "title": "National Supported Work trainees and a comparison group, USA 1974-1978",
    "title_da": "Deltagere i National Supported Work og en sammenligningsgruppe, USA 1974-1978",
    "organisation": "National Supported Work Demonstration",
    "organisation_da": "National Supported Work Demonstration",
    "licence": "Published research data, used with citation",
    "invented": False,
    "observed_from": "1974-01-01",
    "observed_to": "1978-12-31",
    "income_concept": "earnings",
    "income_unit": "person",
    "income_currency": "USD",
    "income_period_months": 12,
    "income_prices": "as published",
    "codes": "codes",
    "sources": [{"title": "LaLonde (1986), American Economic Review 76(4), 604-620"},
                {"title": "Dehejia and Wahba (1999), JASA 94(448), 1053-1062; R package MatchIt, data set lalonde",
                 "path": "https://doi.org/10.1080/01621459.1999.10473858"}],
}

CODES = {
    "target_group": [("nsw_trainee", "NSW trainee", "Deltager i NSW"),
                     ("comparison", "Comparison group", "Sammenligningsgruppe")],
    "education": [("degree", "High school degree", "Afsluttet high school"),
                  ("no_degree", "No high school degree", "Ikke afsluttet high school")],
}


def main():
    folder = files.target_folder(__file__)
    rows = read_source()
    made = tables(rows)
    made["initiatives"] = [{"initiative_id": INITIATIVE, "name": "National Supported Work Demonstration",
                            "kind": "training", "start": "1975-03-01", "end": "1977-12-31"}]
    columns = {
        "persons": ["person_id", "sex", "target_group", "education"],
        "incomes": ["person_id", "period", "income"],
        "initiatives": ["initiative_id", "name", "kind", "start", "end"],
        "participants": ["initiative_id", "person_id", "joined_on", "left_on"],
    }
    for name, names in columns.items():
        files.write_table(folder, name, names, made[name])
    for name, codes in CODES.items():
        files.write_table(folder, "codes/" + name, ["code", "label_en", "label_da", "source"],
                          [dict(zip(("code", "label_en", "label_da"), c), source="LaLonde 1986") for c in codes])
    files.write_package(folder, PACKAGE, columns)
    files.write_text(folder, "README.md", README.format(people=len(rows), facts=files.facts_table(facts(rows))))


if __name__ == "__main__":
    main()
