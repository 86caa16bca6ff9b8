"""SDMX-CSV of this project, read by pysdmx (1.0, 2.0, 2.1) and by sdmx1 (2.0): the same observations, cell by cell.

peers.py FLEXMETRICS PROJECT     needs tests/sdg/requirements.txt
"""
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import sdmx
from pysdmx.io import read_sdmx
from sdmx.model import v30

PROGRAM, PROJECT = sys.argv[1], Path(sys.argv[2])
COMMON = ["--area", "208", "--year", "2024"]
RESULT = """indicator,definition,municipality,sex,age,disability,quantity,value,unit,ci_low,ci_high,state
labour.unemployment_rate,icls_13,,,,,share,0.07,share,0.05,0.09,ok
labour.unemployment_rate,icls_13,,female,15-24,,share,0.2330508474576271,share,,,preliminary
labour.unemployment_rate,icls_13,,M,25+,,share,0.5,share,0.1,0.9,suppressed
labour.unemployment_rate,icls_13,,,,yes,share,0.1,share,,,ok
labour.unemployment_rate,icls_13,"Tønder, ""north"" part",,,,share,0.125,share,,,ok
labour.unemployment_rate,icls_19,Aarhus,,,,share,1e-7,share,,,ok
"""
OBSERVATIONS = """SERIES,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,COMMENT_OBS
SL_EMP_EARN,2020,1.5e20,A,-3,"quoted ""words"", a comma; æøå"
SL_EMP_EARN,2021,-0.25,P,0, spaces 
SL_EMP_EARN,2022,,O,0,
"""


def run(*arguments):
    p = subprocess.run([PROGRAM, "sdmx", *arguments], capture_output=True, timeout=60)
    assert p.returncode == 0, p.stderr.decode()
    return p.stdout


def rows(*arguments):
    """What the command says the observations are, each cell as text or number, an empty one as None."""
    return json.loads(run(*arguments, "--format", "json"))["rows"]


def same(component, ours, theirs):
    """Is it the same cell? Numbers are compared as numbers."""
    theirs = None if theirs in (None, "", "NaN") or theirs != theirs else theirs
    if component in ("OBS_VALUE", "UPPER_BOUND", "LOWER_BOUND") and None not in (ours, theirs):
        return float(ours) == float(theirs)
    return ours == (None if theirs is None else str(theirs))


def compare(label, expected, found):
    key = lambda row: (row["SERIES"], row["SEX"], row["AGE"], row["DISABILITY_STATUS"], row["CUST_BREAKDOWN"],
                       row["TIME_PERIOD"])
    assert len(expected) == len(found), f"{label}: {len(found)} observations, expected {len(expected)}"
    for ours, theirs in zip(sorted(expected, key=key), sorted(found, key=key)):
        for component, value in ours.items():
            assert same(component, value, theirs.get(component)), \
                f"{label}: {component} {theirs.get(component)!r}, expected {value!r}"


def by_pysdmx(path):
    return [row for data in read_sdmx(path).data for row in data.data.to_dict("records")]


def structure(columns):
    """The structure as sdmx1 wants it, from the built-in components."""
    roles = {row["component"]: row["role"] for row in
             csv.DictReader(open(PROJECT / "data" / "sdg" / "sdmx_components.csv", encoding="utf-8", newline=""))}
    out = v30.DataStructureDefinition(id="SDG")
    for name in columns:
        if roles[name] == "dimension":
            out.dimensions.append(sdmx.model.common.Dimension(id=name))
        elif roles[name] == "measure":
            out.measures = v30.MeasureDescriptor()
            out.measures.append(v30.Measure(id=name))
        else:
            out.attributes.append(sdmx.model.common.DataAttribute(id=name))
    return out


def by_sdmx1(path, columns):
    message = sdmx.read_sdmx(path, structure=structure(columns))
    found = []
    for data in message.data:
        for obs in data.obs:
            row = {name: value.value for name, value in obs.dimension.values.items()}
            row.update({name: value.value for name, value in obs.attached_attribute.items()})
            row["OBS_VALUE"] = obs.value
            found.append(row)
    return found


def main():
    n = 0
    with tempfile.TemporaryDirectory() as tmp:
        for name, text, more in (("result", RESULT, [*COMMON, "--custom", "municipality", "--source", "Register, all"]),
                                 ("observations", OBSERVATIONS, ["--area", "208", "--set", "NATURE=C"])):
            file = Path(tmp) / f"{name}.csv"
            file.write_text(text, encoding="utf-8")
            expected = rows(str(file), *more)
            for version in ("1.0", "2.0", "2.1"):
                out = Path(tmp) / f"{name}-{version}.csv"
                run(str(file), *more, "--version", version, "--structure", "1.8", "--out", str(out))
                compare(f"pysdmx {name} {version}", expected, by_pysdmx(out))
                compare(f"flexmetrics {name} {version}", expected, rows(str(out)))
                n += 2
            compare(f"sdmx1 {name} 2.0", expected, by_sdmx1(Path(tmp) / f"{name}-2.0.csv", list(expected[0])))
            n += 1
        for sample in ("sdmx_csv_v1_example.csv", "sdmx_csv_v2_example.csv"):
            path = PROJECT / "tests" / "oracle" / "sdg" / sample
            compare(f"pysdmx {sample}", rows(str(path)), [
                {**row, "DATAFLOW": "IAEG-SDGs:DF_SDG_GLC(1.8)", "STRUCTURE": "datastructure",
                 "STRUCTURE_ID": "IAEG-SDGs:SDG(1.8)", "ACTION": "I"} for row in by_pysdmx(path)])
            n += 1
    print(f"peers: {n} readings agree")


main()
