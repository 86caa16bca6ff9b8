"""Each source of the library has its test file, or stands in a table of what covers it; each public function is called
by a C test; each option of the catalogue is read by name; each measure has saved states that are replayed damaged.

pairs.py PROJECT
"""
import csv
import re
import sys
from pathlib import Path

# subject: {test file: sources that it covers beside its own}. The sources of a measure are tested through the measure,
# where the figures are.
COVERS = {
    "base": {"file": "folder"},
    "catalogue": {"recipe_exits": "going_on", "recipes": "recipe_change recipe_cox recipe_discrete recipe_fine_gray "
                                                         "recipe_groups recipe_progress recipe_sdg"},
    "sdg": {"contribution": "contribution_figures contribution_national", "totals": "totals_list", "sdmx_check": "sdmx sdmx_observations"},
    "csv": {"read": "cell column encoding format header", "parts": "scan runs", "bad": "problems"},
    "disclose": {"linked": "joint", "protect": "cover list net patch search simplex", "rules": "additive"},
    "dream": {"dream": "people plan read words"},
    "tally": {"rows": "rows_saved"},
    "income": {"bottom40": "figures rank spread", "bounded": "bounded_result bounded_value",
               "change": "growth",
               "incidence": "incidence_curve incidence_panel incidence_poverty",
               "mobility": "leavers mobility_figures pairs sampled", "waves": "waves_design",
               "decomposition": "decompose", "dist": "dist_groups dist_sums look",
               "distribution": "distribution_groups distribution_result estimate_shared",
               "dominance": "tip", "gap": "pair", "influence_units": "dist_units", "sample_design": "sample_clusters",
               "golden": "density line measures_entropy measures_inequality measures_levels measures_poverty "
                         "measures_shares",
               "household": "household_columns",
               "lorenz": "lorenz_curve lorenz_fit lorenz_pip lorenz_points"},
    "labour": {"rates": "add ages bands derive indicators labour read result totals", "refused": "plan", "design": "errors",
               "state": "cells quick"},
    "target": {"compare": "compare_gather", "result": "facts result_forecast result_months rows"},
    "parity": {"decomposition":
                   "decompose decomposition_result decomposition_spec fit gram", "means": "groups mean"},
    "num": {"bucket_sort": "pool", "bottom": "bottom_pass bottom_sse2 bottom_avx2", "bottom_groups":
                "bottom_brackets bottom_brackets_avx2 bottom_brackets_pass bottom_brackets_sse2 bottom_guess by_group",
            "prefix": "prefix_bars prefix_many",
            "resample": "resample_sse2", "sort": "buckets",
            "special": "beta erfc gamma", "sum": "big sum_fast"},
    "programme": {"initiatives": "roll", "jobs": "case_figures cases",
                  "progress": "progress_people progress_result"},
    "register": {"frame_employers": "frame_industry frame_words", "tables": "intake columns normal register", "links": "check_links",
                 "bad_input": "check_rows check_notes problem lists", "answers": "check_answers", "package": "json", "schema": "schema_data",
                 "size": "row_set rows",
                 "frame_initiatives": "frame_participants initiatives", "frame_unemployment": "unemployed",
                 "frame_support_status": "frame_supports",
                 "frame_outcome": "frame_dated frame_exit",
                 "frame_people": "frame frame_column frame_contracts frame_group frame_kinds frame_placements",
                 "frame_definition": "definition_answers definition_index definition_states"},
    "report": {"report": "page rows text_goal text_groups text_jobs text_programme words",
               "disclosure": "counts groups known protect",
               "sections": "text_sections"},
    "retention": {"cox": "concordance days fit group kernel kernel_avx2 of_arrays point prepare proportional report "
                         "spec state terms", "cox_order": "lay order",
                  "discrete": "bands fit links patterns report table units",
                  "exits": "gray incidence", "fine_gray": "censoring", "cumulative_incidence": "horizons robust",
                  "states": "moves occupation states_result", "matrix": "product", "transitions": "histories places transitions_result",
                  "status": "answers rate", "weeks": "figures units", "km": "retention",
                  "count": "strata", "survival": "cells curve limits robust", "survival_result": "horizon",
                  "follow": "follow_add follow_view moments",
                  "logrank": "logrank_arrays scores scores_robust"},
    "series": {"series": "words"},
    "settlement": {"settlement": "lines tables"},
    "spell": {"definition": "definition_clock definition_outcome",
              "milestone": "packed", "overlap": "people transition", "periods": "period weeks within",
              "spell": "ask episode outcome sort"},
}
COVERS["catalogue"]["protect"] = ("protect_breakdown protect_curve protect_family protect_figures protect_lines "
                                  "protect_periods protect_write roles")


def main(project):
    root, faults, n = Path(project), [], 0
    for folder in sorted(p for p in (root / "lib").iterdir() if p.is_dir()):
        subject = folder.name
        tests = {p.stem.removeprefix("test_") for p in (root / "tests" / subject).glob("test_*.c")}
        sources = {p.stem for p in folder.rglob("*.c")}
        covered = set()
        for test, names in COVERS.get(subject, {}).items():
            if test not in tests:
                faults.append(f"tests/{subject}/test_{test}.c is not there")
            for name in names.split():
                covered.add(name)
                if name not in sources:
                    faults.append(f"lib/{subject}/{name}.c, said to be covered by test_{test}.c, is not there")
        faults += [f"lib/{subject}/{name}.c has no test_{name}.c" for name in sorted(sources - tests - covered)]
        faults += [f"lib/{subject}/{name}.c has a test file of its own: take it out of the table"
                   for name in sorted(covered & tests)]
        n += len(sources)
    called = "\n".join(p.read_text(encoding="utf-8") for p in (root / "tests").rglob("*.c"))
    functions = []
    for path in sorted((root / "include" / "flexmetrics").glob("*.h")):
        functions += [(path.name, name) for name in re.findall(r"^FM_API [^;(]*?\b(fm_\w+)\(", path.read_text(
            encoding="utf-8"), re.M)]
    faults += [f"{name} of {header} is called by no test" for header, name in functions
               if not re.search(rf"\b{name}\b", called)]
    recipes = "\n".join(p.read_text(encoding="utf-8") for p in (root / "lib" / "catalogue").glob("*.c"))
    with open(root / "data" / "catalogue" / "options.csv", encoding="utf-8", newline="") as f:
        faults += [f"the option {row['option']} of {row['id']} is read by no recipe" for row in csv.DictReader(f)
                   if f'"{row["option"]}"' not in recipes]
    states = {p.name.rsplit("_", 1)[0] for p in (root / "tests" / "fuzz" / "corpus" / "tally").iterdir()}
    with open(root / "data" / "catalogue" / "indicators.csv", encoding="utf-8", newline="") as f:
        faults += [f"{row['id']} has no state in tests/fuzz/corpus/tally: tests/fuzz/make_tally_corpus.py writes it"
                   for row in csv.DictReader(f) if row["id"] not in states]
    print("\n".join(faults) or f"pairs: {n} sources, {len(functions)} functions")
    sys.exit(bool(faults))


main(*sys.argv[1:])
