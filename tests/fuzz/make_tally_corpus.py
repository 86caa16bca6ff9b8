"""Writes tests/fuzz/corpus/tally: the state of each measure after a few rows, behind four lines that tell the measure, its
groups, its weight and its options.

make_tally_corpus.py FOLDER     with the Python package on the path
"""
import datetime
import sys
from pathlib import Path

import flexmetrics as fm

FRAMES = {
    "programme.people": {"person_id": ["x", "y", "x"], "began": [True, False, False], "a": ["f", "m", "f"],
                         "b": ["1", None, "1"]},
    "programme.placements": {"person_id": ["x", "y"], "sector": ["private", "public"], "sme": [True, None],
                             "hours_per_week": [37.0, 0.1], "running": [True, False], "a": ["f", "m"], "b": ["1", "2"]},
    "programme.employers": {"employer_id": ["P", "P", "Q"], "person_id": ["x", "y", "x"], "start": None,
                            "employer_since": None, "sector": ["private", "private", None], "sme": [True, True, None],
                            "headcount": [20, 20, 9], "social_enterprise": [True, True, None],
                            "target_group_staff": [12, 12, 0], "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "programme.steps": {"person_id": ["x", "y", "x"], "from": ["p"] * 3, "to": ["q", "q", "r"], "horizon_months": None,
                        "moved": [True, False, None], "same_employer": [True, None, None], "a": ["f", "m", "f"],
                        "b": ["1", None, "1"]},
    "programme.offers": {"person_id": ["x", "y", "x"], "benefit_days": None, "offer_days": None, "a": ["f", "m", "f"],
                         "b": ["1", None, "1"]},
    "programme.jobs": {"person_id": ["x", "y", "x"], "hours_per_week": [12.5, None, 37.0],
                       "hours_wanted": [20.0, 30.0, None], "permanent": [True, False, None],
                       "agreement": [True, None, False], "reduced": [True, False, False], "a": ["f", "m", "f"],
                       "b": ["1", None, "1"]},
    "programme.initiatives": {"initiative_id": ["i", "i", "j"], "person_id": ["x", "x", None], "begun": [True, None, False],
                              "eligible": [True, None, None], "joined_eligible": [False, None, None],
                              **{name: [True, None, None] for name in ("reached", "referred", "invited", "contacted",
                                                                       "joined", "left", "placed", "placed_otherwise")},
                              "members": [3, 3, 0], "employer_id": ["e", "e", None], "work": [True, None, False],
                              "member": [True, None, None], "sector": ["private", "private", "unknown"],
                              "sme": [True, True, None], "months": None, "retained": [None, True, None],
                              "in_rate": [None, True, None], "a": ["f", "f", None], "b": ["1", "1", None]},
    "programme.decisions": {"person_id": ["x", "y", "x"], "applied": [True, True, False],
                            "decision": ["accepted", None, "declined"], "decisions_given": [True, True, True],
                            "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "programme.support": {"person_id": ["x", "x", "y"], "support": [None, "s", "t"], "days": None, "hours": [None, 2.5, 0.1],
                          "cost": [None, 10.0, None], "a": ["f", "f", "m"], "b": ["1", "1", None]},
    "programme.support_retention": {"person_id": ["x", "y", "x"], "support": ["s", "s", "t"], "horizon_months": None,
                                    "received": [True, False, True], "doses": None, "status": [True, False, None],
                                    "in_rate": [True, True, False], "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "programme.journeys": {"person_id": ["x", "y", "x"], "leg": ["p", "p", "q"], "entry_days": None, "time_days": None,
                           "event": [True, False, True], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                           "b": ["1", "2", "1"]},
    "retention.status": {"person_id": ["x", "y", "x"], "horizon_months": None, "status": [True, False, None],
                         "in_rate": [True, True, False], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                         "b": ["1", "2", "1"]},
    "retention.survival": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None,
                           "event": [True, False, True], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                           "b": ["1", "2", "1"]},
    "retention.cumulative_incidence": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None,
                                       "cause": ["q", None, "r"], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                                       "b": ["1", "2", "1"]},
    "retention.cox": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None, "event": [True, False, True],
                      "weight": [1.5, 0.1, 2.0], "age": [30.0, 41.5, 28.0], "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "retention.fine_gray": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None, "cause": ["q", None, "r"],
                            "weight": [1.5, 0.1, 2.0], "age": [30.0, 41.5, 28.0], "a": ["f", "m", "f"],
                            "b": ["1", "2", "1"]},
    "retention.logrank": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None,
                          "event": [True, False, True], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                          "b": ["1", "2", "1"]},
    "retention.gray": {"entry_days": None, "time_days": None, "cause": ["q", None, "q"], "a": ["f", "m", "f"],
                       "b": ["1", "2", "1"]},
    "retention.states": {"person_id": ["x", "x", "y"], "entry_days": None, "time_days": None, "from": ["p", "q", "p"],
                         "to": ["q", None, "r"], "weight": [1.5, 1.5, 2.0], "a": ["f", "f", "f"], "b": ["1", "1", "1"]},
    "retention.discrete_hazard": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None,
                                  "event": [True, False, True], "age": [30.0, 41.5, 28.0], "weight": [1.5, 0.1, 2.0],
                                  "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "retention.transitions": {"person_id": ["x", "x", "y"], "period": [1, 2, 1], "state": ["p", "q", "p"],
                              "weight": [1.5, 1.5, 2.0], "a": ["f", "f", "m"], "b": ["1", "1", "2"]},
    "retention.sequences": {"person_id": ["x", "x", "y"], "period": [1, 2, 1], "state": ["p", "q", "p"],
                            "weight": [1.5, 1.5, 2.0], "a": ["f", "f", "m"], "b": ["1", "1", "2"]},
    "retention.weeks": {"person_id": ["x", "y", "x"], "definition": ["s", "s", "g"], "horizon": [26, 26, 26],
                        "weeks_good": [20, 26, 26], "weeks_seen": [26, 26, 26], "in_rate": [True, True, False],
                        "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "retention.hours": {"person_id": ["x", "y", "z"], "horizon_months": None, "hours": [8.0, 10.0, 4.0],
                        "hours_later": [12.0, None, 4.0], "in_work": [True, False, True],
                        "same_employer": [True, None, False], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                        "b": ["1", "2", "1"]},
    "retention.unemployment": {"person_id": ["x", "y", "z"], "definition": ["s", "s", "g"],
                               "unemployed": [True, True, False], "long_term": [True, None, False],
                               "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "target.track": {"goal_id": ["g", "h", "g", "h"], "goal": [10.0, 5.0, 8.0, 5.0], "start": None, "deadline": None,
                     "as_of": None, "done": None, "private": None, "employers": None, "people": None, "ended": None,
                     "day": None, "changed_on": None},
    "income.bottom40": {"person_id": ["x", "y", "z"], "income_0": [1.5, 2.0, None], "income_1": [2.5, 0.1, 3.0],
                        "weight_0": [1.0, 2.0, 1.0], "weight_1": [1.0, 2.0, 1.0], "participant": [True, False, None],
                        "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "sdg.redistribution": {"person_id": ["x", "y", "z"], "prefiscal": [0.0, 10.0, None], "postfiscal": [4.0, 12.0, 1.0],
                           "weight": [1.5, 1.0, 2.0], "stratum": ["s"] * 3, "psu": ["u", "v", "w"], "fpc": [9.0] * 3,
                           "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "target.charts": {"period": ["1", "2", "1", "2"], "value": [3.0, None, 5.0, 4.0],
                      "exposure": [9.0, None, 8.0, 7.0], "a": ["f", "f", "m", "m"], "b": ["1", "1", "2", "2"]},
    "economy.contracts": {"value": [25e6, 1e6], "start": [datetime.date(2024, 1, 1)] * 2,
                          "end": [datetime.date(2025, 6, 30)] * 2, "wage_share": [0.4, None], "agreed": [100.0, None],
                          "started": [50.0, 0.0], "delivered": [10.0, None], "a": ["f", "m"], "b": ["1", "2"]},
    "economy.reimbursement": {"person_id": ["x", "x", "y"],
                              "start": [datetime.date(2024, 1, 1), datetime.date(2024, 7, 1), datetime.date(2024, 3, 4)],
                              "end": [datetime.date(2024, 2, 4), None, datetime.date(2024, 5, 5)],
                              "amount": [3000.0, None, 1234.5], "counts": [True, None, False],
                              "granted": [None, datetime.date(2013, 1, 1), None], "weeks_before": [20.0, None, None],
                              "a": ["f", "f", "m"], "b": ["1", "2", "1"]},
    "economy.fleksloentilskud": {"person_id": ["x", "x", "y"],
                                 "month": [datetime.date(2024, 1, 1), datetime.date(2024, 2, 9), datetime.date(2022, 3, 4)],
                                 "wage": [9000.0, 12000.0, 0.0], "full_time_wage": [None, 33000.0, None],
                                 "one_off": [None, 600.0, None], "one_off_months": [None, 3.0, None],
                                 "one_off_from": [None, datetime.date(2024, 1, 1), None], "a": ["f", "f", "m"],
                                 "b": ["1", "2", "1"]},
    "economy.net_result": {"person_id": ["x", "x", "y"],
                           "start": [datetime.date(2023, 1, 1), datetime.date(2024, 7, 1), datetime.date(2024, 3, 4)],
                           "end": [datetime.date(2024, 2, 4), None, datetime.date(2024, 5, 5)],
                           "before": [18120.0, 12000.0, 0.0], "after": [17252.0, 0.0, 0.0], "wage": [9000.0, 25000.0, 1.0],
                           "tax": [None, 5000.0, None], "state_before": [0.3, None, 0.2], "state_after": [None, 0.2, None],
                           "fund_before": [None, 0.5, None], "cost": [None, 6000.0, 100.0], "a": ["f", "f", "m"],
                           "b": ["1", "2", "1"]},
    "economy.social_return": {"outcome": ["w", "h", "w"], "quantity": [39.0, 50.0, 1.0], "value": [88000.0, 12500.0, -5.0],
                              "deadweight": [0.32, None, 1.0], "displacement": [0.1, None, None],
                              "attribution": [0.25, 0.4, None], "drop_off": [0.15, 0.5, None],
                              "years": [5.0, 2.0, None], "first_year": [2.0, None, None], "a": ["f", "f", "m"],
                              "b": ["1", "2", "1"]},
    "parity.rates": {"person_id": ["x", "y", "x", "z"], "outcome": [True, False, None, True],
                     "a": ["f", "m", "f", "m"], "b": ["1", "2", "1", None]},
    "programme.progress": {"person_id": ["x", "x", "y"], "date": None, "instrument": ["loneliness_3"] * 3,
                           "item": ["1", "1", "2"], "score": [1.0, 2.0, 3.0], "a": ["f", "f", "m"],
                           "b": ["1", "1", None]},
    "parity.decomposition": {"person_id": ["x", "y", "x", "z"], "value": [1.5, 2.0, None, 7.0], "x": [1.0, 3.0, 2.0, 0.5],
                             "weight": [1.5, 0.1, 2.0, 1.0], "a": ["f", "m", "f", "m"], "b": ["1", "2", "1", "1"]},
    "parity.means": {"person_id": ["x", "y", "x", "z"], "value": [1.5, 2.0, None, 7.0], "weight": [1.5, 0.1, 2.0, 1.0],
                     "a": ["f", "m", "f", "m"], "b": ["1", "2", "1", None]},
    "target.compare": {"unit": ["u", "v", "u", "w"], "count": [3.0, 0.0, 5.0, 4.0], "exposure": [9.0, 4.0, 8.0, 7.0],
                       "expected": [2.5, 1.0, 4.0, 3.5], "a": ["f", "f", "m", "m"], "b": ["1", "1", "2", "2"]},
    "sdg.contribution": {"income_0": [1.5, 2.0, None], "income_1": [2.5, 0.1, 3.0], "employed_0": [True, False, None],
                         "employed_1": [True, True, False], "hours_0": [8.0, None, 4.0], "hours_1": [12.0, 10.0, None],
                         "participant": [True, True, False], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                         "b": ["1", "2", "1"]},
    "sdg.totals": {"period": [2010.0, 2015.0, 2010.0], "bottom_mean": [1.0, 2.0, None], "mean": [3.0, 4.0, -1.0],
                   "a": ["x", "x", "y"], "b": ["1", "1", None]},
    "income.grouped": {"people": [0.25, 0.5, 0.75, 1.0], "income": [0.1, 0.3, 0.6, 1.0], "a": ["f"] * 4,
                       "b": ["1"] * 4},
}

# Labour measures: one frame.
WORKERS = {"age": [30.0, 20.0, 12.0, None, 70.0], "sex": ["M", "F", "F", None, "M"],
           "paid_hours": [37.0, 0.0, 14.0, None, 0.0], "own_use_hours": [0.0, 5.0, 0.0, 0.0, 2.0],
           **{name: [True, False, None, True, False] for name in (
               "absent_job", "seeking", "available", "in_education", "in_training", "wants_work", "wants_hours",
               "available_hours", "sector_registered", "social_insurance", "paid_leave", "sick_leave", "account",
               "discriminated")},
           "status": ["employee", "own_use", "family", "employee", None], "isic": ["A", "C", None, "A", "G"],
           **{name: [1.0, 2.0, 0.0, None, 13.0] for name in (
               "search_months", "chore_hours", "hourly_earnings", "fatal_injuries", "non_fatal_injuries", "injuries",
               "hours_worked", "recruitment_cost", "monthly_earnings", "registered", "activated", "labour_force")},
           "weight": [1.5, 0.1, 2.0, 1.0, 1.0], "stratum": ["s", "s", "s", "t", "t"], "psu": ["u", "u", "v", "w", "x"],
           "a": ["x", "x", "y", "y", "x"], "b": ["1", "1", None, "1", "2"]}

# Measures of sampled incomes: one frame.
PEOPLE = {"person_id": ["p1", "p2", "p3", "p4", "p1", "p2", "p3", "p5"],
          "income": [1.5, 2.5, 0.0, 7.0, 2.0, -1.0, None, 9.0], "period": [2010.0] * 4 + [2020.0] * 4,
          "weight": [1.0, 2.0, 1.0, 1.5, 1.0, 1.0, 1.0, 3.0], "people": [0.25, 0.5, 0.75, 1.0] * 2,
          "stratum": ["s", "s", "t", "t"] * 2, "psu": ["u1", "u2"] * 4, "fpc": [9.0] * 8,
          "a0": [1.0, 2.0, 1.0, 1.5, 1.0, 1.0, 1.0, 3.0], "a1": [2.0, 1.0, 0.0, 3.0, 1.0, 0.0, 2.0, 3.0],
          "in": [True, True, False, None] * 2, "a": ["x", "x", "y", "y"] * 2, "b": ["1", "1", None, "1"] * 2,
          "c": ["f", "m", "f", "m"] * 2}
DESIGN = dict(strata="stratum", psu="psu", fpc="fpc", lonely="remove")
TWO = dict(group="c", reference="f", compared="m")
BY, WEIGHTED = {"by": "a,b"}, {"weight": "weight"}
SAMPLE = {**BY, **DESIGN}
WEIGHTS = {**WEIGHTED, **DESIGN}

# What each measure is computed with; {} alone, by groups and, where it may be, with weights for those that are not named.
USES = {
    "programme.people": [{}, BY],
    "programme.placements": [{}, BY],
    "programme.initiatives": [{}, BY],
    "programme.decisions": [{}, BY],
    "programme.support": [{}, BY],
    "programme.support_retention": [{}, BY],
    "programme.journeys": [{}, dict(cluster="none", **BY)],
    "target.track": [{}, dict(months="yes", net="yes", private_share=0.5)],
    "income.bottom40": [{}, BY],
    "income.grouped": [BY],
    "sdg.redistribution": [BY, dict(negative="drop", **WEIGHTS)],
    "target.charts": [BY, dict(chart="u", **BY)],
    "economy.contracts": [{}, dict(quota="0.06", **BY)],
    "economy.reimbursement": [{}, dict(period="month", by="a")],
    "economy.fleksloentilskud": [{}, dict(period="month", by="a")],
    "economy.net_result": [dict(state_share="0.2"), dict(state_share="0.2", deadweight="0.3", by="a")],
    "economy.social_return": [dict(inputs="100"), dict(inputs="120,90", by="a")],
    "parity.rates": [dict(group="a", reference="m"), dict(group="b", reference="2", strata="a", cluster="person_id")],
    "programme.progress": [{}, dict(reliability=0.5, **BY)],
    "parity.decomposition": [dict(group="a", reference="m", covariates="x"),
                             dict(group="a", reference="m", covariates="x,b:1", cluster="person_id", weight="weight")],
    "parity.means": [dict(group="a", reference="m"),
                     dict(group="a", against="rest", by="b", cluster="person_id", weight="weight")],
    "target.compare": [dict(kind="share"), dict(expected="yes", strata="a", by="b")],
    "sdg.contribution": [{}, dict(**BY, **WEIGHTED)],
    "sdg.totals": [dict(indicator="10.1.1", **BY), dict(indicator="10.1.1", breaks="999", by="a")],
    "programme.employers": [dict(local_firms="table"), BY],
    "programme.steps": [{}, BY],
    "programme.offers": [{}, BY],
    "programme.jobs": [dict(bands="10,20"), BY],
    "retention.survival": [{}, BY, WEIGHTED, dict(cluster="person_id", **BY), dict(variance="robust", rmst="yes", **WEIGHTED)],
    "retention.cox": [dict(covariates="age", **BY), dict(covariates="age", strata="b", cluster="person_id", **WEIGHTED)],
    "retention.fine_gray": [dict(covariates="age", **BY), dict(covariates="age", strata="b", censoring="a",
                                                               cluster="person_id", **WEIGHTED)],
    "retention.cumulative_incidence": [{}, BY, WEIGHTED, dict(cluster="person_id", **BY)],
    "retention.gray": [BY, dict(by="a", strata="b")],
    "retention.discrete_hazard": [BY, dict(covariates="age", bands="1,12", cluster="person_id", **WEIGHTED)],
    "retention.states": [{}, BY, WEIGHTED],
    "retention.logrank": [BY, dict(group="a", strata="b"), dict(group="a", cluster="person_id", **WEIGHTED)],
    "income.distribution": [dict(domain="in", imputed="in", top_coded="in", measures="mean,gini,at_risk_of_poverty(0.6)",
                                 **SAMPLE),
                            dict(se="none", **WEIGHTS), dict(se="bootstrap", n_replicates=5, **SAMPLE),
                            dict(bounded="yes", **WEIGHTED)],
    "income.change": [dict(measures="growth_premium,gini", **SAMPLE), dict(overlap="persons", **WEIGHTED),
                      dict(line=2, measures="fgt(1)", **WEIGHTS)],
    "income.incidence": [dict(n_points=3, **SAMPLE), dict(n_points=3, panel="yes", **WEIGHTS)],
    "income.mobility": [dict(n_classes=2, **SAMPLE), dict(covariates="a0", **WEIGHTS),
                        dict(longitudinal="a0", replicates="a0:a1", replicate_kind="brr", **WEIGHTED)],
    "income.gap": [dict(**TWO, **SAMPLE), dict(measures="fgt(1)", **TWO, **WEIGHTS)],
    "income.decomposition": [dict(group="c", **SAMPLE), dict(measures="gini", group="c", **WEIGHTS)],
    "income.dominance": [dict(n_points=3, **TWO, **SAMPLE), dict(n_points=3, curve="tip", **TWO, **WEIGHTS)],
}


LABOUR = {"icls": 13, "hours_threshold": 35}


def uses_of(id):
    if not id.startswith("labour."):
        return USES.get(id, [{}, BY, WEIGHTED])
    if "registered" in id or "gross" in id:
        return [BY]
    return [dict(**LABOUR, **BY)] if id != "labour.rates" else [
        dict(indicators="unemployment_rate,lu4,pay_gap", margins="yes", age_bands="15-24,25+", by="a,age", weight="weight",
             **LABOUR),
        dict(indicators="neet_rate,hourly_earnings", strata="stratum", psu="psu", lonely="remove", **LABOUR, **BY)]


def frame_of(id):
    import numpy
    columns = dict(WORKERS if id.startswith("labour.") else FRAMES.get(id, PEOPLE))
    if "horizon_months" in columns:
        columns["horizon_months"] = numpy.array([3, 3, 6], "int32")
    if "days" in columns:
        columns["days"] = numpy.array([0, 30, 4], "int32")
    if columns.pop("doses", 0) is None:
        columns["dose_above"] = numpy.array([0, 3, 1], "int32")
    if columns.pop("months", 0) is None:
        columns["horizon_months"] = fm.Table.from_columns({"m": numpy.array([0, 3, 0], "int32")}).to_pandas()["m"].where(
            [False, True, False]).astype("Int32")
    if "time_days" in columns:
        columns["entry_days"] = numpy.array([0, 5 if "to" in columns else 2, 0], "int32")  # one state at a time
        columns["time_days"] = numpy.array([5, 9, 9], "int32")
    if id == "retention.fine_gray":
        del columns["entry_days"]  # it takes none
    for name in ("horizon", "weeks_good", "weeks_seen"):
        if name in columns:
            columns[name] = numpy.array(columns[name], "int32")
    if "benefit_days" in columns:
        columns["benefit_days"], columns["offer_days"] = (numpy.array(d, "int32") for d in ([31, 30, 29], [10, 0, 29]))
    if "employer_since" in columns:
        columns["start"] = [datetime.date(2024, 3, 1), datetime.date(2024, 5, 1), None]
        columns["employer_since"] = [datetime.date(2023, 3, 1), datetime.date(2023, 3, 1), None]
    if "item" in columns:
        columns["date"] = [datetime.date(2024, 1, 1), datetime.date(2024, 7, 1), datetime.date(2024, 7, 1)]
    if "goal_id" in columns:
        columns["start"] = [datetime.date(2024, 1, 1)] * 4
        columns["deadline"] = [datetime.date(2024, 12, 31)] * 4
        columns["as_of"] = [datetime.date(2024, 6, 1), None, None, None]
        columns["day"] = [None, datetime.date(2024, 3, 5), None, datetime.date(2023, 4, 1)]
        columns["changed_on"] = [datetime.date(2024, 2, 1), None, None, None]
        for name, whole in dict(done=[3, 1, 0, 4], private=[2, 0, 0, 1], employers=[2, 1, 0, 1], people=[3, 1, 0, 1],
                                ended=[1, 0, 0, 2]).items():
            columns[name] = numpy.array(whole)
    return fm.Table.from_columns(columns)


def state_of(saved):
    """The bytes behind the head: magic, measure, version, spec, length, check sum."""
    at = 8
    at += 4 + int.from_bytes(saved[at:at + 4], "little") + 4
    at += 4 + int.from_bytes(saved[at:at + 4], "little")
    return saved[at + 24:]


def main(folder):
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for id in fm.indicators()["id"]:
        for k, use in enumerate(uses_of(id)):
            state = state_of(fm.Tally(id, as_of="2024-10-04", **use).add(frame_of(id)).to_bytes())
            options = ";".join(f"{key}={value}" for key, value in use.items() if key not in ("by", "weight"))
            head = f"{id}\n{use.get('by', '')}\n{use.get('weight', '')}\n{options}\n"
            (out / f"{id}_{k}").write_bytes(head.encode("ascii") + state)


main(*sys.argv[1:])
