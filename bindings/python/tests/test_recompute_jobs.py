"""Employers, steps, offers and jobs once more, from the CSV files of a made-up municipality with pandas alone."""
from pathlib import Path

import numpy as np
import pytest

import flexmetrics as fm

pd = pytest.importorskip("pandas")
FOLDER = Path(__file__).resolve().parents[3] / "examples" / "data" / "demo-municipality"
AS_OF = pd.Timestamp("2026-01-01")
WORK = {"ordinary", "fleksjob", "wage_subsidy"}  # of the kinds that these data have


@pytest.fixture(scope="module")
def register():
    return fm.Register.read(FOLDER)


@pytest.fixture(scope="module")
def jobs():
    p = pd.read_csv(FOLDER / "placements.csv", parse_dates=["start", "end"], dtype={"occupation": str})
    e = pd.read_csv(FOLDER / "employers.csv", keep_default_na=False, na_values=[""])
    return p.merge(e, on="employer_id", how="left")


def values(table):
    frame = table.to_pandas()
    return dict(zip(frame["quantity"], frame["value"]))


def wilson(part, whole, z=1.959963984540054):
    p, d = part / whole, 1 + z * z / whole
    half = z * np.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / d
    centre = (p + z * z / (2 * whole)) / d
    return centre - half, centre + half


def test_employers(register, jobs):
    got = values(register.employers(period_start="2025-01-01", period_end="2025-06-30", local_firms="table"))
    hired = jobs[jobs.kind.isin(WORK)]
    first = hired.groupby("employer_id").start.min()
    now = hired[(hired.start >= "2025-01-01") & (hired.start <= "2025-06-30")]
    firms = now.drop_duplicates("employer_id").dropna(subset=["employer_id"]).set_index("employer_id")
    again = now[now.start > now.employer_id.map(first)].employer_id.nunique()
    private = firms[firms.sector == "private"]
    social = firms[firms.social_enterprise == True]  # noqa: E712
    told = social.dropna(subset=["headcount", "target_group_staff"])
    starts = now.employer_id.value_counts()
    n_local = len(pd.read_csv(FOLDER / "employers.csv"))
    assert got["starts"] == len(now) and got["people"] == now.person_id.nunique()
    assert got["starts_without_employer"] == now.employer_id.isna().sum()
    assert got["employers"] == len(firms)
    assert got["new_employers"] == (first.loc[firms.index] >= "2025-01-01").sum()
    assert got["hiring_again"] == again and got["hiring_again_share"] == again / len(firms)
    assert got["local_firms"] == n_local
    assert got["employers_per_100_local"] == pytest.approx(100 * len(firms) / n_local, rel=1e-15)
    assert (got["private"], got["public"]) == (len(private), (firms.sector == "public").sum())
    assert got["sme"] == (private.headcount < 250).sum() and got["size_unknown"] == private.headcount.isna().sum()
    assert got["social_enterprises"] == len(social) > 0
    assert got["social_staff"] == told.headcount.sum()
    assert got["target_group_share"] == pytest.approx(told.target_group_staff.sum() / told.headcount.sum(), rel=1e-15)
    assert got["largest_share"] == pytest.approx(starts.max() / starts.sum(), rel=1e-15)
    assert got["five_largest_share"] == pytest.approx(starts.nlargest(5).sum() / starts.sum(), rel=1e-15)


@pytest.mark.parametrize("column", ["sector", "size_class", "industry_section", "target_group"])
def test_employers_by_group(register, column):
    whole, parts = values(register.employers()), register.employers(by=column).to_pandas()
    per = parts[parts["quantity"] == "starts"]["value"]
    assert per.sum() >= whole["starts"] if column == "target_group" else per.sum() == whole["starts"]


@pytest.mark.parametrize("count_from", ["start", "end"])
@pytest.mark.parametrize("between", ["kind", "sector"])
def test_steps(register, jobs, between, count_from):
    table = register.steps(between=between, count_from=count_from, horizons="6,12", kind="internship ordinary "
                           "wage_subsidy fleksjob").to_pandas().set_index(["from", "to", "horizon_months", "quantity"])
    seen = pd.read_csv(FOLDER / "persons.csv", parse_dates=["observed_from", "observed_to"]).set_index("person_id")
    until = (seen.observed_to + pd.Timedelta(days=1)).fillna(AS_OF)
    p = jobs.copy()
    p["class"] = p.kind if between == "kind" else p.sector.fillna("unknown")
    p["number"] = p.placement_id.str[1:].astype(int)
    p = p.sort_values(["start", "number"])
    compared = 0
    for source in p["class"].unique():
        index = p[p["class"] == source].drop_duplicates("person_id").set_index("person_id")
        index = index[index.start >= seen.observed_from.loc[index.index].fillna(pd.Timestamp("1900-01-01"))]
        if count_from == "end":
            index = index[index.end.notna()]
        day = index.start if count_from == "start" else index.end + pd.Timedelta(days=1)
        for to in [*p["class"].unique(), "any_other"]:
            for months in (6, 12):
                known = moved = same = other = 0
                for person in index.index:
                    limit = day[person] + pd.DateOffset(months=months)
                    if limit > until[person]:
                        continue
                    known += 1
                    after = p[(p.person_id == person) & (p.start > index.start[person]) & (p.start < limit)]
                    after = after[after["class"] != source] if to == "any_other" else after[after["class"] == to]
                    moved += len(after) > 0
                    if len(after) > 0:
                        told = [index.employer_id[person], after.employer_id.iloc[0]]
                        same += told[0] == told[1]
                        other += told[0] != told[1] and isinstance(told[0], str) and isinstance(told[1], str)
                row = table.loc[(source, to, months)]
                assert row.loc["first_placements", "value"] == len(index)
                assert row.loc["known", "value"] == known
                assert row.loc["not_known_yet", "value"] == len(index) - known
                if known:
                    assert row.loc["moved", "value"] == moved
                    assert (row.loc["same_employer", "value"], row.loc["other_employer", "value"]) == (same, other)
                    low, high = wilson(moved, known)
                    assert row.loc["moved_share", "value"] == moved / known
                    assert row.loc["moved_share", "ci_low"] == pytest.approx(low, abs=1e-12)
                    assert row.loc["moved_share", "ci_high"] == pytest.approx(high, abs=1e-12)
                compared += 1
    assert compared > 20


def test_offers(register, jobs):
    table = register.offers(by="month").to_pandas().set_index(["month", "quantity"])
    states = pd.read_csv(Path(__file__).resolve().parents[3] / "data" / "benefit_states.csv", dtype=str)
    benefit = set(states[states.counts_toward_duration == "yes"].code) | {"unemployment"}
    spells = pd.read_csv(FOLDER / "spells.csv", parse_dates=["start", "end"])
    persons = pd.read_csv(FOLDER / "persons.csv", parse_dates=["observed_from", "observed_to"])
    on, offered = {}, {}
    for _, who in persons.iterrows():
        last = AS_OF - pd.Timedelta(days=1) if pd.isna(who.observed_to) else who.observed_to

        def days(rows):
            return {d for r in rows.itertuples() for d in pd.date_range(
                max(r.start, who.observed_from), min(r.end if pd.notna(r.end) else last, last))}

        own = jobs[(jobs.person_id == who.person_id) & jobs.kind.isin({"internship", "wage_subsidy"})]
        offered[who.person_id] = days(own)
        on[who.person_id] = days(spells[(spells.person_id == who.person_id) & spells.state.isin(benefit)]) | days(own)
    whole = values(register.offers())
    n_on, n_offered = sum(map(len, on.values())), sum(map(len, offered.values()))
    assert (whole["benefit_days"], whole["offer_days"]) == (n_on, n_offered)
    assert whole["people"] == sum(len(d) > 0 for d in on.values())
    assert whole["in_offers"] == sum(len(d) > 0 for d in offered.values())
    assert whole["offer_degree"] == pytest.approx(n_offered / n_on, rel=1e-15)
    deviations = np.array([len(offered[p]) - n_offered / n_on * len(on[p]) for p in on if on[p]])
    error = np.sqrt((deviations ** 2).sum() * len(deviations) / (len(deviations) - 1)) / n_on
    row = register.offers().to_pandas().set_index("quantity").loc["offer_degree"]
    assert row.std_error == pytest.approx(error, rel=1e-12)
    month = "2025-03"
    in_month = {p: {d for d in days if (d.year, d.month) == (2025, 3)} for p, days in offered.items()}
    assert table.loc[(month, "offer_days"), "value"] == sum(map(len, in_month.values()))
    assert table.loc[(month, "in_offers"), "value"] == sum(len(d) > 0 for d in in_month.values())


def test_jobs(register, jobs):
    table = register.jobs().to_pandas()
    got = dict(zip(table[table.band.isna()]["quantity"], table[table.band.isna()]["value"]))
    j = jobs[jobs.kind.isin(WORK)]
    both = j.dropna(subset=["hours_wanted", "hours_per_week"])
    more = both[both.hours_wanted > both.hours_per_week]
    need = j[(j.kind == "fleksjob") | (j.hours_wanted < 37)]
    hours = need.hours_per_week.dropna()
    assert got["jobs"] == len(j) and got["people"] == j.person_id.nunique()
    assert got["permanent"] == (j.contract_type == "permanent").sum()
    assert got["permanent_unknown"] == j.contract_type.isna().sum()
    for name in ("agreement", "new_position"):
        assert got[name] == (j[name] == True).sum()  # noqa: E712
        assert got[name + "_share"] == pytest.approx((j[name] == True).sum() / j[name].notna().sum())  # noqa: E712
    assert np.isnan(got["shortage"]) and got["shortage_unknown"] == len(j)
    assert got["services_unknown"] == j.industry.isna().sum()
    assert got["services"] == (j.industry.dropna() >= "G").sum()
    assert got["underemployed"] == len(more) and got["underemployed_unknown"] == len(j) - len(both)
    assert got["hours_missed"] == pytest.approx((more.hours_wanted - more.hours_per_week).sum(), rel=1e-12)
    assert got["fte"] == pytest.approx(j.hours_per_week.sum() / 37, rel=1e-12)
    assert got["reduced"] == len(need)
    assert got["reduced_unknown"] == ((j.kind != "fleksjob") & j.hours_wanted.isna()).sum()
    assert got["reduced_hours_mean"] == pytest.approx(hours.mean(), rel=1e-12)
    for name, p in (("p25", 0.25), ("p50", 0.5), ("p75", 0.75)):
        assert got["reduced_hours_" + name] == pytest.approx(hours.quantile(p), rel=1e-12)
    bands = table.dropna(subset=["band"]).set_index("band")["value"]
    cut = pd.cut(hours, [-1, 10, 20, 30, 200], labels=["<=10", "10-20", "20-30", ">30"]).value_counts()
    assert bands.to_dict() == cut.to_dict()


def test_shortage_list(tmp_path, jobs):
    j = jobs[jobs.kind.isin(WORK) & jobs.occupation.notna()]
    usual = j.occupation.value_counts().index[0]
    for name in ("education", "end_reason"):
        (tmp_path / f"{name}.csv").write_bytes((FOLDER / "codes" / f"{name}.csv").read_bytes())
    (tmp_path / "shortage_occupation.csv").write_text(f"code,valid_from,valid_to\n{usual},2025-01-01,\n")
    got = values(fm.Register.read(FOLDER, codes=tmp_path).jobs())
    assert got["shortage"] == ((j.occupation == usual) & (j.start >= "2025-01-01")).sum() > 0
    assert got["shortage_share"] == pytest.approx(got["shortage"] / len(j))


def test_bare_frames_give_the_same(register):
    for name, call in (("employers", fm.employers), ("steps", fm.steps), ("offers", fm.offers), ("jobs", fm.jobs)):
        frame = register.frame(name)
        a, b = call(frame).to_pandas(), getattr(register, name)().to_pandas()
        pd.testing.assert_frame_equal(a, b)
        again = call(frame.to_pandas()).to_pandas()  # which has no note of the rule
        pd.testing.assert_frame_equal(a.drop(columns="definition"), again.drop(columns="definition"))
