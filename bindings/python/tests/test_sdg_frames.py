import pytest

import flexmetrics as fm

PARTICIPANTS = {"income_0": [100.0, 150.0, 180.0, 200.0, 260.0, 120.0],
                "income_1": [140.0, 170.0, 180.0, 230.0, 270.0, None], "employed_0": [0, 0, 1, 0, 1, 0],
                "employed_1": [1, 0, 1, 1, 1, 1], "hours_0": [None, None, 15.0, None, 37.0, 0.0],
                "hours_1": [20.0, None, 18.0, 30.0, 37.0, 10.0]}
LINE = {"indicator": ["10.1.1"], "quantity": ["bottom40_line"], "value": [200], "unit": ["person"],
        "concept": ["disposable"], "year": [2020], "prices": ["current"], "currency": ["DKK"], "period_months": [12],
        "source": ["Office"]}
TOLD = dict(concept="disposable", unit="person", currency="DKK", prices="current", period_months=12, period_0=2020,
            period_1=2022)


def test_sdg_contribution(tmp_path):
    table = fm.sdg_contribution(PARTICIPANTS, national=LINE, **TOLD)
    values = dict(zip(table["quantity"], table["value"]))
    assert (values["below_line"], values["below_line_gain_total"], values["below_line_gain_yearly"]) == (4, 60, 10)
    assert values["below_line_share_of_gain"] == 0.6 and values["below_line_hours_gained"] == 33
    assert set(table["definition"]) == {"contribution", "cited"} and "differences" not in table.notes
    path = tmp_path / "national.csv"
    path.write_text("indicator,quantity,value,unit,concept,year,prices,currency,period_months,source\n"
                    "10.1.1,bottom40_line,200,person,disposable,2020,current,DKK,12,Office\n")
    assert fm.sdg_contribution(PARTICIPANTS, national=path, **TOLD).to_dict() == table.to_dict()
    with pytest.raises(fm.Error, match="concept of the cited 10.1.1 bottom40_line is disposable, of the .* gross"):
        fm.sdg_contribution(PARTICIPANTS, national=LINE, **{**TOLD, "concept": "gross"})
    forced = fm.sdg_contribution(PARTICIPANTS, national=LINE, force=True, **{**TOLD, "concept": "gross"})
    assert "concept of the cited" in forced.notes["differences"]
    with pytest.raises(fm.Error, match="sdg.contribution alone"):
        fm.compute("income.bottom40", PARTICIPANTS, national=LINE)
    with pytest.raises(TypeError, match="national"):
        fm.sdg_contribution(PARTICIPANTS, national=3)
    tally = fm.Tally("sdg.contribution", national=LINE, **TOLD).add(PARTICIPANTS)
    assert tally.result().to_dict() == table.to_dict()
