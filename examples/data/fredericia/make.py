#!/usr/bin/env python3
"""Makes the tables of this folder. Standard library only. Usage: make.py [FOLDER]"""

import datetime
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import files  # noqa: E402

GOAL, DONE, PRIVATE = 164, 50, 39
START, DEADLINE, AS_OF = datetime.date(2019, 1, 1), datetime.date(2019, 12, 31), datetime.date(2019, 4, 1)


def facts():
    days, elapsed = (DEADLINE - START).days + 1, (AS_OF - START).days
    return [
        ("goal", GOAL), ("done", DONE), ("done with private employers", PRIVATE),
        ("done with public or unknown employers", DONE - PRIVATE), ("still to go", GOAL - DONE),
        ("days of the goal", days), ("days passed", elapsed), ("days left", days - elapsed),
        ("even plan to date", f"{GOAL * elapsed / days:.2f}"),
        ("pace so far, a week", f"{7 * DONE / elapsed:.2f}"),
        ("pace needed, a week", f"{7 * (GOAL - DONE) / (days - elapsed):.2f}"),
        ("straight-line total", f"{DONE * days / elapsed:.1f}"),
    ]


README = """# New fleksjob in Fredericia: {goal} as the goal, {done} reached

The smallest useful register: one goal and one count, no persons at all.

    flexmetrics report examples/data/fredericia --as-of 2019-04-01
    flexmetrics report examples/data/fredericia --as-of 2019-04-01 --lang da

**Source.** A public statement about Fredericia municipality: the goal is {goal} new fleksjob in a calendar year; at
1 April {done} had begun, {private} of them with private employers. The statement **names no year; 2019 is this
example's choice**, so that the days can be counted. Figures of this kind are facts and free to use; the files here
are MIT.

**How the tables were made** (`python3 make.py`)

- `goals.csv`: `start` and `deadline` are both days of the goal (closed interval), `counts` says that job starts are
  counted, `filter` that only placements of kind fleksjob are.
- `counts.csv`: `as_of` means the start of that day: the count holds what happened up to and including 31 March
  2019. `private` is jobs, not firms. The number of firms is not given: `employers` is blank.

**Figures** (computed by `make.py`)

{facts}
"""

PACKAGE = {
    "name": "fredericia",
    "title": "New fleksjob 2019",
    "title_da": "Nye fleksjob 2019",
    "organisation": "Fredericia municipality",
    "organisation_da": "Fredericia Kommune",
    "licence": "MIT",
    "invented": False,
    "observed_from": "2019-01-01",
    "observed_to": "2019-03-31",
    "sources": [{"title": "Public goal of Fredericia municipality; the year 2019 is the example's choice"}],
}


def main():
    folder = files.target_folder(__file__)
    goal_columns = ["goal_id", "measure", "goal", "start", "deadline", "counts", "filter", "changed_on"]
    files.write_table(folder, "goals", goal_columns, [
        {"goal_id": "new-fleksjob", "measure": "target.track", "goal": GOAL, "start": START, "deadline": DEADLINE,
         "counts": "starts", "filter": "kind = fleksjob"}])
    files.write_table(folder, "counts", ["goal_id", "as_of", "done", "private", "employers"], [
        {"goal_id": "new-fleksjob", "as_of": AS_OF, "done": DONE, "private": PRIVATE}])
    files.write_package(folder, PACKAGE, ["goals", "counts"])
    files.write_text(folder, "README.md", README.format(goal=GOAL, done=DONE, private=PRIVATE,
                                                        facts=files.facts_table(facts())))


if __name__ == "__main__":
    main()
