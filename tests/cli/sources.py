"""Files that are brought in: what comes out, what is said, and that nothing half-written is left."""
import datetime
import os
import signal
import subprocess


def worked_weeks(code="130"):
    """One person of 58 weeks from 2020-W30, work from 30 November 2020 to 1 August 2021 with pauses."""
    runs = [("730", 15), ("737", 4), ("", 11), ("890", 2), ("", 12), ("121", 1), ("", 9), (code, 4)]
    first = datetime.date(2020, 7, 20)
    weeks = [(first + datetime.timedelta(7 * w)).isocalendar() for w in range(58)]
    months = [(2020 + m // 12, m % 12 + 1) for m in range(6, 20)]
    header = ["PNR"] + [f"y_{y % 100:02d}{w:02d}" for y, w, _ in weeks] + [f"branche_{y}_{m:02d}" for y, m in months]
    cells = ["P77"] + [c for c, n in runs for _ in range(n)]
    cells += ["471110" if (2020, 12) <= month <= (2021, 7) else "" for month in months]
    return ",".join(header) + "\n" + ",".join(cells) + "\n"


SPELLS = """person_id,start,end,state
P77,2020-07-20,2020-11-01,730
P77,2020-11-02,2020-11-29,737
P77,2020-11-30,2021-02-14,100
P77,2021-02-15,2021-02-28,890
P77,2021-03-01,2021-05-23,100
P77,2021-05-24,2021-05-30,121
P77,2021-05-31,2021-08-01,100
P77,2021-08-02,,130
"""


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def read(path):
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8", newline="") as f:
        return f.read()


def test_dream(tmp, run, report):
    file, register = os.path.join(tmp, "weeks.csv"), os.path.join(tmp, "register")
    os.makedirs(register)
    out = os.path.join(register, "spells.csv")
    write(file, worked_weeks())
    code, stdout, stderr = run(["dream", file, "--out", out])
    report("dream: eight runs of 58 weeks", [] if code == 0 and read(out) == SPELLS and not stdout and
           "spells: 8, people: 1, rows left out: 0; weeks observed: 58" in stderr and "2021-08-30" in stderr else
           [code, stdout, stderr, read(out)])
    write(os.path.join(register, "persons.csv"), "person_id\nP77\n")
    code, stdout, stderr = run(["check", register])
    report("dream: the register takes the spells", [] if code == 0 and "spells" in stdout and "8 rows" in stdout and
           "FM-" not in stdout else [code, stdout, stderr])
    code, _, stderr = run(["dream", file, "--lang", "da", "--carry", "industry", "--as-of", "2020-12-14", "--out", out])
    expected = ("person_id,start,end,state,industry\nP77,2020-07-20,2020-11-01,730,\nP77,2020-11-02,2020-11-29,737,\n"
                "P77,2020-11-30,,100,471110\n")
    # the week of 30 November belongs to December: its Thursday is the 3rd
    report("dream: as-of, industry, in Danish", [] if code == 0 and read(out) == expected and
           "perioder: 3, personer: 1" in stderr else [code, stderr, read(out)])


def test_dream_bad(tmp, run, report):
    file, out = os.path.join(tmp, "bad.csv"), os.path.join(tmp, "bad_spells.csv")
    write(file, "pnr;y_2101;y_2102\n0101701234;730;7x0\nP77;730;730\nP77;731;731\n0202801234;1\n;1;1\n")
    cases = (("en", ['bad.csv, line 2, column "y_2102" (cell C2): not a code of a week', "found 7x0",
                     "this person is there twice", "Nothing was computed"]),
             ("da", ['bad.csv, linje 2, kolonne "y_2102" (celle C2): ikke en ugekode', "fundet 7x0",
                     "denne person står to gange", "Intet er beregnet"]))
    for lang, words in cases:
        write(out, "as it was")
        code, stdout, stderr = run(["dream", file, "--out", out, "--lang", lang])
        flat = " ".join(stderr.split())
        faults = [] if code == 1 and not stdout and read(out) == "as it was" else [code, stdout, read(out)]
        faults += [f"lacks {word!r}: {flat}" for word in words if word not in flat]
        faults += ["a key is shown"] if "P77" in stderr or "1234" in stderr else []
        faults += ["something is left"] if os.path.exists(out + ".part") else []
        report(f"dream: bad rows ({lang})", faults)
    code, _, stderr = run(["dream", file, "--out", out, "--skip-bad"])
    report("dream: --skip-bad", [] if code == 0 and read(out).count("\n") == 2 and "rows left out: 4" in stderr and
           "FM-C05" in stderr and "FM-R01" in stderr and "FM-S01" in stderr and "FM-V01" in stderr else
           [code, stderr, read(out)])
    write(file, "pnr;y_2101;grad_2021_01\nP77;730;a\n")
    for sign, word in (("comma", "decimal comma such as 0,5"), ("point", "decimal point such as 0.5")):
        code, _, stderr = run(["dream", file, "--out", out, "--decimal", sign])
        report(f"dream: a rate with a decimal {sign}", [] if code == 1 and word in " ".join(stderr.split()) else
               [code, stderr])
    dotted = os.path.join(tmp, ".", "bad.csv")
    for name, arguments, expected in (("no --out", ["dream", file], 2), ("no file", ["dream", file + "x", "--out", out], 3),
                                      ("over itself", ["dream", file, "--out", file], 2),
                                      ("over itself by another name", ["dream", file, "--out", dotted], 2),
                                      ("no folder", ["dream", file, "--out", os.path.join(tmp, "no", "x.csv")], 3),
                                      ("no key", ["dream", file, "--id", "key", "--out", out], 1),
                                      ("carry", ["dream", file, "--out", out, "--carry", "all"], 2)):
        code, stdout, stderr = run(arguments)
        report(f"dream: {name}", [] if code == expected and stderr and not stdout else [code, stdout, stderr])


def test_dream_codes(tmp, run, report):
    file, out, codes = (os.path.join(tmp, name) for name in ("new.csv", "new_spells.csv", "codes"))
    os.makedirs(codes)
    write(file, "pnr,y_2601\nP77,742\n")
    code, _, stderr = run(["dream", file, "--out", out])
    report("dream: a code that the list does not know", [] if code == 0 and read(out).endswith(",,other_benefit\n") and
           "unknown code in 1 week" in stderr and "FM-C01" in stderr and "found 742" in " ".join(stderr.split()) else
           [code, stderr, read(out)])
    own = "code,work\n0,no\n100,yes\nother_benefit,no\nnot_known,no\n742,no\n"
    write(os.path.join(codes, "benefit_state.csv"), own)
    for given in (codes, os.path.join(codes, "benefit_state.csv")):
        code, _, stderr = run(["dream", file, "--out", out, "--codes", given])
        report("dream: --codes " + os.path.basename(given), [] if code == 0 and read(out).endswith(",,742\n") and
               "FM-" not in stderr else [code, stderr, read(out)])
    write(os.path.join(codes, "benefit_state.csv"), own.replace("100,yes\n", ""))
    code, _, stderr = run(["dream", file, "--out", out, "--codes", codes, "--lang", "da"])
    report("dream: a list without 100", [] if code == 1 and "kodelisten mangler 100" in stderr else [code, stderr])


def test_dream_stop(tmp, program, report):
    """Ctrl-C in the middle of a pipe: exit code 3, nothing is left."""
    pipe, out = os.path.join(tmp, "pipe.csv"), os.path.join(tmp, "stopped.csv")
    os.mkfifo(pipe)
    p = subprocess.Popen([program, "dream", pipe, "--out", out], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with open(pipe, "wb", buffering=0) as f:
        f.write(b"pnr,y_2101,y_2102\n")
        p.send_signal(signal.SIGINT)
        try:
            for i in range(400):
                f.write(b"".join(b"%d,730,731\n" % k for k in range(4000 * i, 4000 * i + 4000)))
        except BrokenPipeError:
            pass
    _, stderr = p.communicate(timeout=100)
    report("dream: Ctrl-C", [] if p.returncode == 3 and b"nothing was written" in stderr and
           not [name for name in os.listdir(tmp) if name.startswith("stopped")] else [p.returncode, stderr])


LINES = """Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Beregnet udbetalingsbeløb;Refusionssats;Refusionsbeløb
2024-01-01;0000000001;Kontanthjælp;Fiktiv;3000,00;80;2400,00
2024-01-08;0000000001;Kontanthjælp;Fiktiv;3000,50;80;2400,40
2024-01-08;0000000001;Kontanthjælp;Fiktiv;3000,50;80;2400,40
2024-01-08;0000000002;Fleksbidrag fra staten;Fiktiv;500,00;0;0,00
"""


def test_settlement(tmp, run, report):
    first, second, out = (os.path.join(tmp, name) for name in ("yr-1.csv", "yr-2.csv", "weeks.csv"))
    write(first, LINES)
    write(second, LINES.split("\n")[0] + "\n2024-01-01;000000001;Kontanthjælp;Fiktiv;-3000,00;80;-2400,00\n")
    code, stdout, stderr = run(["settlement", first, second, "--format", "csv", "--out", out])
    expected = ("person_id,week,benefit,financed_by,paid,refund,municipal_cost\n"
                "0000000001,2024-01-08,Kontanthjælp,Fiktiv,3000.5,2400.4,600.1\n")
    report("settlement: corrections over two files", [] if code == 0 and read(out) == expected and not stdout and
           "5 lines; equal to an earlier one: 1; weeks that add up to nothing: 1; leading zeros given back: 1" in stderr
           else [code, stdout, stderr, read(out)])
    code, stdout, stderr = run(["settlement", first, "--table", "contributions", "--format", "csv", "--lang", "da"])
    report("settlement: contributions apart, in Danish", [] if code == 0 and stdout.count("\n") == 2 and
           "0000000002,2024-01-08,Fleksbidrag fra staten,Fiktiv,500,0,500" in stdout and
           "linjer lig med en tidligere: 1" in stderr else [code, stdout, stderr])
    code, stdout, _ = run(["settlement", first, "--table", "spells", "--format", "csv"])
    report("settlement: spells", [] if code == 0 and stdout == "person_id,start,end,state\n"
           "0000000001,2024-01-01,,cash_benefit\n" else [code, stdout])
    write(second, LINES.replace("3000,00", "3000,005"))
    for lang, word in (("en", "an amount with at most two decimals"), ("da", "et beløb med højst to decimaler")):
        code, stdout, stderr = run(["settlement", second, "--lang", lang])
        report(f"settlement: a fraction of an oere ({lang})", [] if code == 1 and word in " ".join(stderr.split()) and
               "0000000001" not in stderr and not stdout else [code, stdout, stderr])


def test_series(tmp, run, report):
    file = os.path.join(tmp, "series.csv")
    write(file, "Område;Periode;Alder;Antal\nTønder;2024M02;16-24 år;1,5\nTønder;2024M03;I alt;*\n"
          "Tønder;2024M03;16-24 år;0\n")
    code, stdout, stderr = run(["series", file, "--format", "csv"])
    expected = ("area,Alder,measure,period,period_kind,period_start,period_end,value,state,subtotal\n"
                "Tønder,16-24 år,Antal,2024M02,month,2024-02-01,2024-02-29,1.5,ok,0\n"
                "Tønder,I alt,Antal,2024M03,month,2024-03-01,2024-03-31,,suppressed,1\n"
                "Tønder,16-24 år,Antal,2024M03,month,2024-03-01,2024-03-31,0,preliminary,0\n")
    report("series: hidden, preliminary, subtotal", [] if code == 0 and stdout == expected and not stderr else
           [code, stdout, stderr])
    code, stdout, stderr = run(["series", file, "--preliminary", "0", "--area", "Alder", "--dimensions", "Område",
                                "--period", "Periode", "--suppressed", "1,5", "--format", "csv"])
    report("series: all said", [] if code == 0 and "I alt,Tønder,Antal," in stdout and stdout.count("suppressed") == 2 and
           "preliminary" not in stdout else [code, stdout, stderr])
    write(file, "Område;Periode;Antal\nTønder;2024M02;1\nTønder;marts;under 5\n")
    for lang, word in (("en", "not a number"), ("da", "angiv teksten for skjulte tal")):
        code, stdout, stderr = run(["series", file, "--lang", lang])
        report(f"series: a text in the figures ({lang})", [] if code == 1 and word in " ".join(stderr.split()) and
               "found under 5" in " ".join(stderr.replace("fundet", "found").split()) and not stdout else
               [code, stdout, stderr])


RESULT = """indicator,definition,municipality,sex,quantity,value,unit,ci_low,ci_high,state
labour.unemployment_rate,icls_13,,,share,0.07,share,0.05,0.09,ok
labour.unemployment_rate,icls_13,,kvinde,share,,share,,,suppressed
labour.unemployment_rate,icls_13,Tønder,,share,0.125,share,,,preliminary
"""


def test_sdmx(tmp, run, report, project):
    file, out = os.path.join(tmp, "result.csv"), os.path.join(tmp, "out.csv")
    common = ["--structure", "1.8", "--area", "208", "--year", "2024"]
    write(file, RESULT)
    code, stdout, stderr = run(["sdmx", file, "--version", "2.1", *common, "--custom", "municipality", "--set", "NATURE=C",
                                "--source", "Register", "--out", out])
    with open(out, "rb") as f:
        got = f.read().decode()
    head = ("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTING_TYPE,SERIES,REF_AREA,SEX,AGE,URBANISATION,"
            "INCOME_WEALTH_QUANTILE,EDUCATION_LEV,OCCUPATION,CUST_BREAKDOWN,COMPOSITE_BREAKDOWN,DISABILITY_STATUS,"
            "ACTIVITY,PRODUCT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,UNIT_MEASURE,NATURE,SOURCE_DETAIL,UPPER_BOUND,"
            "LOWER_BOUND,CUST_BREAKDOWN_LB\r\n")
    row = "datastructure,IAEG-SDGs:SDG(1.8),M,A,N,SL_TLF_UEM,208,{},Y_GE15,_T,_T,_T,_T,{},_T,_T,_T,_T,2024,{}\r\n"
    expected = (head + row.format("_T", "_T", "7,A,0,PT,C,Register,9,5,") + row.format("F", "_T", "NaN,Q,0,PT,C,Register,,,")
                + row.format("_T", "C01", "12.5,P,0,PT,C,Register,,,municipality: Tønder"))
    report("sdmx: a result as SDMX-CSV 2.1", [] if (code, stdout, stderr, got) == (0, "", "", expected) else
           [code, stdout, stderr, got, expected])
    again = run(["sdmx", out, "--version", "2.1"])
    report("sdmx: read and written again", [] if again == (0, expected, "") else again)
    table = run(["sdmx", "-", *common[2:], "--custom", "municipality", "--format", "csv"], input=RESULT.encode())
    report("sdmx: the standard input, shown", [] if table[0] == 0 and table[1].startswith("FREQ,REPORTING_TYPE,SERIES,") and
           "\nA,N,SL_TLF_UEM,208,F,Y_GE15," in table[1] and not table[2] else table)
    with open(out, "rb") as f:
        piped = run(["sdmx", "-", "--version", "2.1"], input=f.read())
    report("sdmx: SDMX-CSV from the standard input", [] if piped == (0, expected, "") else piped)
    before = run(["--area", "208", "sdmx", file, "--year", "2024", "--custom", "municipality", "--format", "csv"])
    report("sdmx: options before the command", [] if before == table else before)
    for name in ("sdmx_csv_v1_example.csv", "sdmx_csv_v2_example.csv"):
        sample = os.path.join(project, "tests", "oracle", "sdg", name)
        with open(sample, "rb") as f:
            content = f.read().decode()
        got = run(["sdmx", sample, "--version", "1.0" if "v1" in name else "2.0"])
        report(f"sdmx: {name} as it was", [] if got == (0, content, "") else got)
    for lang, words in (("en", ["a group without a code of the structure", "found Tønder", "FM-K04"]),
                        ("da", ["en gruppe uden kode i strukturen", "fundet Tønder", "FM-K04"])):
        code, stdout, stderr = run(["sdmx", file, "--version", "2.0", *common, "--out", out + "2", "--lang", lang])
        report(f"sdmx: a group without a code ({lang})", [] if code == 1 and not stdout and not os.path.exists(out + "2") and
               all(word in " ".join(stderr.split()) for word in words) else [code, stdout, stderr])
    write(file, RESULT.replace("icls_13", "register"))
    for lang, words in (("en", "a definition that says icls_13 or icls_19"), ("da", "en definition, der siger icls_13")):
        code, stdout, stderr = run(["sdmx", file, "--version", "2.0", *common, "--custom", "municipality", "--lang", lang])
        report(f"sdmx: the 13th or the 19th is never guessed ({lang})", [] if code == 1 and not stdout and
               words in " ".join(stderr.split()) else [code, stdout, stderr])
    code, stdout, stderr = run(["sdmx", file, *common[2:], "--custom", "municipality", "--definition", "icls_19", "--format",
                                "csv"])
    report("sdmx: the definition said", [] if code == 0 and "SL_TLF_UEM_19ICLS" in stdout else [code, stdout, stderr])
    lists = os.path.join(tmp, "lists")
    os.makedirs(lists)
    write(os.path.join(lists, "sdmx_groups.csv"), "column,value,component,code\nmunicipality,tønder,CUST_BREAKDOWN,C55\n")
    code, stdout, stderr = run(["sdmx", file, *common[2:], "--definition", "icls_13", "--codes", lists, "--custom",
                                "municipality", "--format", "csv"])
    report("sdmx: codes of one's own", [] if code == 0 and ",C55," in stdout else [code, stdout, stderr])
    for options, end, word in ((["--version", "2.0"], 2, "no structure is given"), (["--version", "3.0"], 2, "1.0|2.0|2.1"),
                               (["--lists", "CL_SEX"], 1, "cannot be read"),
                               (["--codes", os.path.join(tmp, "nowhere")], 1, "none of the tables in nowhere"), (["--keep", "x"], 2, "keep"),
                               (["--set", "SEX"], 2, "SEX"), (["--decimal", "comma"], 2, "--decimal"),
                               (["--version"], 2, "version")):
        code, stdout, stderr = run(["sdmx", file, *options])
        report("sdmx " + " ".join(options), [] if code == end and word in stderr and not stdout else [code, stdout, stderr])
    people = os.path.join(project, "tests", "oracle", "labour", "lfs_example.csv")
    expected = {"13": {"F": 23.305084746, "M": 19.808306709}, "19": {"F": 44.419642857, "M": 23.396226415}}
    for icls, rates in expected.items():
        code, result, _ = run(["compute", "labour.unemployment_rate", people, "--option", "icls=" + icls, "--by", "sex",
                               "--unprotected", "--weight", "weight", "--format", "csv"])
        code, stdout, stderr = run(["sdmx", "-", "--version", "2.0", "--unprotected", *common], input=result.encode())
        rows = [row.split(",") for row in stdout.split("\r\n")[1:-1]]
        found = {row[7]: float(row[19]) for row in rows}
        report(f"sdmx: from people to a file, {icls}th ICLS", [] if code == 0 and "nothing is hidden" in stderr and found.keys() == rates.keys() and
               all(abs(found[sex] - rate) < 1e-8 for sex, rate in rates.items()) and
               {row[5] for row in rows} == {"SL_TLF_UEM" + ("_19ICLS" if icls == "19" else "")} else [stdout, stderr])
    write(file, "a,b\n1,2\n")
    code, stdout, stderr = run(["sdmx", file, "--area", "208"])
    report("sdmx: neither result nor observations", [] if code == 1 and "indicator" in stderr else [code, stderr])
    code, stdout, stderr = run(["sdmx", os.path.join(tmp, "none.csv")])
    report("sdmx: no such file", [] if code == 3 and "none.csv" in stderr else [code, stderr])


def test_over_input(tmp, run, report):
    """No command writes over what it reads, and no mend names an option that the command has not."""
    file = os.path.join(tmp, "input.csv")
    for command, text in ((["settlement"], LINES), (["series"], "TID;n\n2024;1\n"),
                          (["compute", "retention.survival"], "time_days,event\n3,true\n5,false\n")):
        for lang, word in (("en", "which is read; expected another file"), ("da", "som læses; ventet en anden fil")):
            write(file, text)
            code, stdout, stderr = run(command + [file, "--out", os.path.join(tmp, ".", "input.csv"), "--lang", lang])
            report(f"{command[0]}: over its input ({lang})", [] if code == 2 and not stdout and word in stderr and
                   read(file) == text else [code, stdout, stderr, read(file)])
    write(file, "Område;n\nA;x\nA;1\n")
    for command in ("settlement", "series"):
        code, _, stderr = run([command, file])
        report(f"{command}: mends are its own", [] if code == 1 and "--columns" not in stderr and
               "--thousands" not in stderr else [code, stderr])


def test_lasting_in_danish(tmp, run, report):
    """What is wrong with the options of lasting work is said in the language of the rest, whole."""
    file = os.path.join(tmp, "lasting.csv")
    write(file, "time_days,event,g,w,age,one,cause\n10,true,x,1,30,1,quit\n20,false,y,2,40,1,\n"
          "30,true,x,1.5,50,1,quit\n40,true,y,1,35,1,quit\n")
    cases = (("cox", [], "ventet covariates eller dated"),
             ("cox", ["--option", "covariates=age,age"], "er nævnt to gange"),
             ("cox", ["--option", "covariates=g:z"], "ingen række har referencen"),
             ("cox", ["--option", "covariates=one"], "er ens i hver række"),
             ("cox", ["--option", "covariates=age", "--option", "ever=age"], "udødelig tid"),
             ("cox", ["--option", "covariates=age", "--option", "profiles=age=x"], "er ingen kovariat med en værdi"),
             ("survival", ["--option", "times=x"], "ventet stigende hele tal fra 0 til 2147483647"),
             ("survival", ["--option", "quantiles=2"], "ventet stigende tal fra 0 til 1"),
             ("survival", ["--option", "clock=years"], "ventet days, weeks eller months"),
             ("survival", ["--by", "g", "--option", "reference=x"], "der er intet at sammenligne"),
             ("logrank", ["--by", "g", "--option", "tests=foo"], "med tal fra 0 til 100"),
             ("cumulative_incidence", ["--weight", "w", "--option", "variance=aalen"], "hverken vægt eller klynge"))
    english = (" expected", " takes ", " needs ", " is ", " the ")
    for measure, options, word in cases:
        code, stdout, stderr = run(["compute", "retention." + measure, file, "--lang", "da"] + options)
        report(f"{measure} {' '.join(options)} in Danish", [] if code in (1, 2) and not stdout and word in stderr and
               not any(e in stderr for e in english) else [code, stdout, stderr])


def test_all(tmp, program, run, report, project):
    test_dream(tmp, run, report)
    test_dream_bad(tmp, run, report)
    test_dream_codes(tmp, run, report)
    test_dream_stop(tmp, program, report)
    test_settlement(tmp, run, report)
    test_series(tmp, run, report)
    test_sdmx(tmp, run, report, project)
    test_over_input(tmp, run, report)
    test_lasting_in_danish(tmp, run, report)
