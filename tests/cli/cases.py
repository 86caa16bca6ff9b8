"""Command lines: what they print and how they end. {data} is examples/data, {tmp} a folder of the test's own."""

# A table of groups that is no register, and which of its columns are people and income.
GROUPED = ("{data}/../../tests/oracle/income/grouped_lorenz.csv "
           "--columns grouped_lorenz.people=cum_population;grouped_lorenz.income=cum_welfare")

# Stays in states, whose columns are named by what they are there.
STATES = ("{data}/../../tests/oracle/retention/in_multistate.csv --columns in_multistate.person_id=id;"
          "in_multistate.entry_weeks=start;in_multistate.time_weeks=stop --option clock=weeks --option times=13,26")

# The people of a labour-force survey.
LABOUR = ("{data}/../../tests/oracle/labour/lfs_example.csv --weight weight --by sex,age --option icls=19 --option margins=yes"
          " --option age_bands=15-24,25+ --option indicators=unemployment_rate,neet_rate")

# What the incomes of a table of participants are.
TOLD = ("--national {tmp}/national.csv --option concept=disposable --option unit=person --option currency=DKK"
        " --option prices=current --option period_months=12 --option period_0=2020 --option period_1=2022")

# Monthly states of some people.
PERIODS = ("{data}/../../tests/oracle/retention/in_mvad_periods.csv --columns in_mvad_periods.person_id=id;"
           "in_mvad_periods.period=month")

# A survey of two periods, with strata, units and weights.
SYNTH = "{data}/../../tests/oracle/income/synth.csv --weight w"

# Small files in {tmp}, as bytes.
FILES = {
    "jobs.csv": b"team,time_days,event\na,30,yes\na,60,no\nb,10,1\nb,20,0\n",
    "bad.csv": b"area,income,w\n01,100,1\n02,200,one\n01,12x,2\n02,300,1\n",
    "danish.csv": "område;indkomst;vægt\nSønderjylland;1000,5;1\nSønderjylland;2002,0;1\n"
                  "Fyn;;1\nFyn;3000;0,5\n".encode("windows-1252"),
    "nothing.csv": b"",
    "header.csv": b"area,income\n",
    "twice.csv": b"income,area,income\n1,a,2\n",
    "incomes.csv": b"area,income\n1,2\n",
    "exits.csv": b"time_days,cause,sex\n3,work,f\n5,ongoing,m\n7,work,f\n9,ill,m\n11,ongoing,f\n",
    "states.csv": b"person_id,period,state\n1,1,a\n1,1,b\n",
    "gains.csv": b"income_0,income_1,employed_0,employed_1\n100,140,0,1\n150,170,0,0\n260,270,1,1\n",
    "national.csv": b"indicator,quantity,value,unit,concept,year,prices,currency,period_months,source\n"
                    b"10.1.1,bottom40_line,200,person,disposable,2020,current,DKK,12,Office\n",
    "unsourced.csv": b"indicator,quantity,value,source\n10.1.1,bottom40_line,200,\n",
}

# arguments, exit code, fragments of stdout, fragments of stderr
CASES = [
    # looking up
    ("--version", 0, ["flexmetrics 0."], []),
    ("help report", 0, ["usage: flexmetrics report DATA", "--threshold N"], []),
    ("report -h", 0, ["usage: flexmetrics report DATA"], []),
    ("list --format csv", 0, ["id,name_en,name_da,unit,", "\nretention.status,"], []),
    ("list --format json", 0, ['"id": "retention.status"'], []),
    ("list --format csv --csv-style danish --lang da", 0, ["\ufeffid;engelsk navn;navn;enhed;"], []),
    ("list tables --format csv", 0, ["table,column,type,required", "placements,placement_id,"], []),
    ("list sdg", 0, ["8.5.2", "income.distribution"], []),
    ("list sdg --format csv", 0, ["id,target_en,", "\n10.c.1,"], []),
    ("list sdg 8.5.2", 2, [], ["flexmetrics describe 8.5.2"]),
    ("describe 10.2.1", 0, ["SI_POV_50MI", "flexmetrics compute 10.2.1"], []),
    ("describe 8.4.1 --lang da", 0, ["input-output"], []),
    ("compute 8.4.1 {data}/nsw", 2, [], ["8.4.1", "input-output"]),
    ("list codes", 0, ["placement_kind", "placements.kind"], []),
    ("list codes placements.kind", 0, ["fleksjob", "wage_subsidy"], []),
    ("list codes placement_kind --lang da", 0, ["løntilskud"], []),
    ("list codes sex --format csv", 0, ["code,aliases,", "\nfemale,"], []),
    ("list codes sdmx_codes --format csv", 0, ["list,code,name,since,until,", "IAEG-SDGs:CL_AGE,Y15T24,"], []),
    ("list codes sdmx_series", 0, ["SL_TLF_UEM_19ICLS"], []),
    ("list codes education --codes {data}/nsw/codes", 0, ["code"], []),
    ("list codes sex --codes {data}/nsw/codes", 0, ["female"], []),
    ("describe programme.people", 0, ["Distinct people", "person_id, began"], []),
    ("describe income.bottom40 --lang da", 0, ["Indkomst for de 40 % laveste", "verdensmål", "10.1.1", "p_share"], []),
    ("describe persons", 0, ["persons.csv", "person_id", "text, required", "words: flexmetrics list codes sex"], []),
    # computing
    ("compute programme.people {data}/demo-municipality", 0, ["have begun a job", "248", "62%", "57-67%"],
     ["note: compute hides no small counts"]),
    ("compute programme.people {data}/demo-municipality --lang da", 0, ["begyndt i job", "62 %", "57-67 %"],
     ["bemærk: compute skjuler ingen små antal"]),
    ("compute programme.people {data}/demo-municipality --format csv", 0,
     ["indicator,definition", "began,248,count,", "people,400,count,"], []),
    ("compute programme.people {data}/demo-municipality --format csv --csv-style danish --lang da", 0,
     ["\ufeffindikator;regel", "began_share;0,62;share;"], []),
    ("compute programme.people {data}/demo-municipality --format json", 0,
     ['"quantity": "began", "value": 248', '"value": 0.62'], []),
    ("compute programme.people {data}/demo-municipality --by sex", 0, ["female", "male"], []),
    ("compute programme.people {data}/demo-municipality --digits full", 0, ["0.62"], []),
    ("compute retention.status {data}/demo-municipality --option horizons=6 --option index=first", 0,
     ["148", "55", "45", "73%", "66-79%"], []),
    # the monthly states of 547 first jobs, in R: tests/oracle/retention/status_mvad.csv
    ("compute retention.status {data}/school-to-work --option definition=strict,grace_4_weeks --option horizons=3,24"
     " --format csv", 0,
     ["retention.status,strict,months,3,,,yes,463,count", "retention.status,strict,months,3,,,unknown,5,count",
      "retention.status,strict,months,3,,,rate,0.8542435424354243,share,0.0151567159",
      "retention.status,strict,months,24,,,rate,0.756578947368421,share,0.020096654", ",grace_4_weeks,months,24,"], []),
    ("compute retention.status {data}/demo-municipality --option definition=strict,wioa_q2", 0,
     ["rule     clock     horizon", "strict   months", "wioa_q2  quarters        2"], []),
    ("compute retention.status {data}/demo-municipality --option definition=stict", 2, [],
     ['there is no definition "stict"; there are strict, non_benefit']),
    ("compute retention.survival {data}/demo-municipality --option index=referral --option curve=no", 0,
     ["rule: referral_to_start", "280"], []),
    ("compute retention.status {data}/demo-municipality --option horizons=6 --option index=first --level 0.5", 0,
     ["73%", "71-75%"], []),
    ("compute programme.placements {data}/demo-municipality --filter kind=fleksjob", 0, ["121"], []),
    ("compute programme.people {data}/demo-municipality --as-of 2024-06-01", 0, ["have begun a job"], []),
    ("compute income.distribution {data}/demo-municipality --by sex --option measures=gini,quantile(0.9)"
     " --option reference=female --option total=yes", 0,
     ["Distribution of income", "0.139", "0.9  quantile", "Gini: difference"], []),
    ("compute income.distribution {data}/demo-municipality --format csv --option measures=mean --option period=2023"
     " --option psu=household_id", 0, ["definition,parameter,period_start", ",deff,n_eff,df,reliability", ",mean,"], []),
    ("compute income.change {data}/demo-municipality --option overlap=persons", 0,
     ["premium of the bottom", "annual_growth", "growth of the bottom mean"], []),
    ("compute income.change {data}/demo-municipality --format csv --option measures=gini", 0,
     ["income.change,anonymous,", ",gini,"], []),
    ("compute income.incidence {data}/demo-municipality --option n_points=5 --option panel=yes", 0,
     ["growth of its people", "growth of the poor", "pro-poor index"], []),
    ("compute income.mobility {data}/demo-municipality --lang da --option n_classes=3", 0,
     ["blev blandt de laveste", "Shorrocks-mobilitetsindeks", "82 %"], []),
    ("describe income.mobility", 0, ["longitudinal", "regression to the mean"], []),
    ("compute income.distribution {data}/demo-municipality --lang da --option measures=at_risk_of_poverty(0.5)"
     " --option se=bootstrap --option n_replicates=20", 0, ["Indkomstfordeling", "fattigdomsrisiko"], []),
    ("compute income.distribution {data}/demo-municipality --option bounded=yes --option measures=gini,quantile(0.9)", 0,
     ["rule: bounded", "0.148016-0.148019"], []),
    ("compute income.distribution {data}/demo-municipality --by target_group --option bounded=yes --option total=yes"
     " --option measures=mean --format csv", 0, [",bounded,", ",mean,"], []),
    ("compute income.gap {data}/demo-municipality --option group=sex --option reference=male --option compared=female"
     " --option measures=median --option psu=household_id", 0, ["compared group", "2,000", "-13,000 to 17,000"], []),
    ("compute income.decomposition {data}/demo-municipality --option group=education --option measures=gini --lang da",
     0, ["Ulighed inden for og mellem grupper", "overlap mellem grupper", "vocational"], []),
    ("compute income.dominance {data}/demo-municipality --option group=sex --option reference=male"
     " --option compared=female --option n_points=4", 0, ["limit for all points together", "the curves cross"], []),
    ("compute parity.rates {data}/demo-municipality --option of=retention.status --option group=sex"
     " --option reference=male", 0, ["share over that of all", "Cohen's h"], []),
    ("compute parity.means {data}/demo-municipality --option group=sex --option against=population --option of=wages"
     " --lang da", 0, ["frihedsgrader", "162,6"], []),
    ("compute parity.means {data}/demo-municipality --option group=sex --option reference=male", 2, [],
     ["is a folder; parity.means is computed from one CSV file"]),
    ("compute parity.means {data}/demo-municipality --option group=sex --option reference=male --option of=pay", 2, [],
     ["expected one of hours, wages, income_gain"]),
    ("compute target.track {data}/fredericia --as-of 2019-04-01", 0, ["164", "50", "40"], []),
    # a table of its own
    (f"compute retention.states {STATES}", 0, ["from state", "share in the state", "probability of the move"], []),
    (f"compute retention.transitions {PERIODS} --option steps=1,12", 0,
     ["periods ahead", "entropy of the states", "probability of the move"], []),
    ("compute retention.cumulative_incidence {tmp}/exits.csv --option going_on=ongoing --option times=8 --format csv", 0,
     [",work,", ",ill,"], []),
    ("compute retention.gray {tmp}/exits.csv --by sex --option going_on=gone --lang da", 1, [],
     ['valget going_on: "gone" er ingen værdi i kolonnen cause, som har work, ongoing, ill']),
    ("compute retention.cox {tmp}/exits.csv --option going_on=ongoing --option covariates=sex:f", 2, [],
     ['retention.cox has no option "going_on"']),
    ("compute retention.gray {tmp}/exits.csv --by sex --option going_on=ongoing --option rho=x", 2, [], ["option rho"]),
    ("compute retention.fine_gray {tmp}/exits.csv --option covariates=x,x --lang da", 2, [],
     ['retention.fine_gray: "x" er nævnt to gange']),
    ("compute retention.fine_gray {tmp}/exits.csv --option covariates=x --option landmark=y --lang da", 2, [],
     ['valget landmark: ventet et helt tal fra 0 til 2147483647, fundet "y"']),
    ("compute retention.sequences {tmp}/states.csv --lang da", 1, [],
     ["en person har to rækker i én periode; ventet én tilstand"]),
    ("compute retention.sequences {tmp}/states.csv --option clock=months --lang da", 2, [],
     ["kolonne period: ventet datoer, fordi der er givet en clock"]),
    ("compute retention.survival {data}/demo-municipality --option definition=strict --option employer=same", 2, [],
     ["leave employer and gap_days out"]),
    (f"compute retention.sequences {PERIODS}", 0, ["turbulence", "changes of state", "periods seen"], []),
    (f"compute retention.transitions {PERIODS} --option clock=months", 2, [], ["expected dates"]),
    (f"compute income.grouped {GROUPED} --by dataset --option curve=quadratic --format csv", 0,
     ["datt_rural_india_1983,general_quadratic,given,,,,gini,0.28901711934", ",median,,money,", "not_given"], []),
    (f"compute income.grouped {GROUPED} --by dataset --option mean=100 --option lines=50 --lang da", 0,
     ["Indkomst kendt for grupper", "medianindkomst", "andel i fattigdom"], []),
    (f"compute income.grouped {GROUPED} --option mean=100", 1, [],
     ["the table, people 0.0092", "expected a convex curve"]),
    (f"compute labour.rates {LABOUR} --format csv", 0,
     ["labour.unemployment_rate,icls_19,,,,,share,0.36605890603085556,share,", "labour.neet_rate,icls_19,F,15-24,"], []),
    ("compute 8.5.2 {data}/../../tests/oracle/labour/lfs_example.csv --weight weight --option icls=13 --lang da", 0,
     ["Ledighedsprocent", "3925"], []),
    ("compute 8.5.2 {data}/../../tests/oracle/labour/lfs_example.csv", 2, [], ["13 or 19, and there is no default"]),
    (f"compute income.grouped {GROUPED} --by country", 1, [], ["country"]),
    (f"compute income.grouped {GROUPED} --option mode=fast", 2, [], ["exact, pip"]),
    (f"compute income.grouped {GROUPED} --filter a=1", 1, [], ['the column "a" is not there', "the file has: "]),
    (f"compute income.grouped {GROUPED.split()[0]}", 1, [], ["has no column people"]),
    (f"compute sdg.contribution {{tmp}}/gains.csv {TOLD}", 0,
     ["participants under the line: mean gain", "cited: line of the bottom 40 per cent", "Office"], []),
    (f"compute sdg.contribution {{tmp}}/gains.csv {TOLD} --lang da", 0, ["deltagere under grænsen: gennemsnitlig"], []),
    (f"compute sdg.contribution {{tmp}}/gains.csv {TOLD.replace('disposable', 'gross')}", 1, [],
     ["concept of the cited 10.1.1 bottom40_line is disposable, of the participants' incomes gross"]),
    ("compute sdg.contribution {tmp}/gains.csv --national {tmp}/unsourced.csv", 1, [], ["source"]),
    ("compute sdg.contribution {tmp}/gains.csv --national {tmp}/none.csv", 3, [], ["none.csv"]),
    ("compute programme.people {data}/demo-municipality --national {tmp}/national.csv", 2, [],
     ["read by sdg.contribution alone"]),
    ("compute income.grouped {data}/nsw", 2, [], ["is a folder; income.grouped is computed from one CSV file"]),
    ("compute income.grouped {data}/nsw --lang da", 2, [], ["er en mappe; income.grouped beregnes"]),
    ("compute income.grouped {tmp}/none.csv", 3, [], ["none.csv"]),
    # a survey of one file
    (f"compute income.distribution {SYNTH} --by region,gender --option strata=stratum --option psu=psu"
     ' --option measures=gini,at_risk_of_poverty(0.6) --filter period=0', 0,
     ["region  gender", "0.6  at risk of poverty", "north"], ["note: compute hides"]),
    (f"compute income.distribution {SYNTH} --option strata=stratum --option psu=psu --option fpc=Nh --format csv"
     " --option measures=gini", 0, ["income.distribution,default,,,,gini,0.31017122012966"], []),
    (f"compute income.gap {SYNTH} --option group=gender --option reference=m --option compared=f"
     " --option measures=mean", 0, ["compared group", "22,200", "-4 to 13%"], []),
    (f"compute income.change {SYNTH} --option person=id --option overlap=persons --option measures=gini", 0,
     ["relative_change  Gini", "-0.050 to 0.021"], []),
    (f"compute income.distribution {SYNTH.split()[0]} --option measures=gini --by w", 1, [],
     ['column "w" (cell H2): not a whole number', "tell groups or units"]),
    (f"compute income.distribution {SYNTH} --option income=incom", 1, [], ['did you mean "income"?', "synth.incom="]),
    (f"compute income.distribution {SYNTH} --option strata=stratums", 1, [],
     ['did you mean "stratum"? The file has:', "id, period,"]),
    (f"compute income.distribution {SYNTH} --option strata=stratums --lang da", 1, [],
     ['mente du "stratum"? Filen har:']),
    (f"compute income.distribution {SYNTH} --filter region>a", 2, [], ["the rule compares column region"]),
    (f"compute income.distribution {SYNTH} --filter region", 2, [], ["the rule is not clear"]),
    ("compute retention.survival {tmp}/jobs.csv --by team --format csv --option curve=no", 0,
     ["a,", "median", "30"], []),
    ("compute income.distribution {tmp}/bad.csv --weight w --by area", 1, [],
     ['bad, line 4, column "income" (cell B4): not a number', "found 12x,", "expected digits with a decimal point",
      'bad, line 3, column "w" (cell C3)']),
    ("compute income.distribution {tmp}/bad.csv --weight w --by area --skip-bad --option measures=mean", 0, ["2"],
     ["rows with errors were left out"]),
    ("compute income.distribution {tmp}/danish.csv --by område --weight vægt --decimal comma --encoding"
     " windows-1252 --option income=indkomst --option measures=mean --format csv", 0,
     ["Sønderjylland,", "mean,1501.25,"], []),
    ("compute income.distribution {tmp}/danish.csv --encoding windows-1252 --option income=indkomst", 1, [],
     ["not a number", "--decimal comma"]),
    ("compute income.distribution {tmp}/danish.csv --decimal comma --option income=indkomst --by område", 1, [],
     ["--encoding windows-1252"]),
    ("compute income.distribution {tmp}/nothing.csv", 1, [], ["the file is empty"]),
    ("compute income.distribution {tmp}/header.csv --option measures=mean --format csv", 0, ["mean,,"], []),
    ("compute income.distribution {tmp}/twice.csv", 1, [], ["a column name that is there twice"]),
    ("compute income.distribution {tmp}/none.csv", 3, [], ["none.csv"]),
    ("compute income.distribution {tmp}/incomes.csv", 1, [], ["under another name"]),
    ("check {tmp}/bad.csv", 1, [], ["no table has this name"]),
    ("describe income.grouped", 0, ["Income known by groups", "pip: the numerical steps"], []),
    # reports
    ("report {data}/fredericia --as-of 2019-04-01", 0, ["NEW FLEKSJOB 2019", "164", "No figure is hidden"], []),
    ("report {data}/fredericia --as-of 2019-04-01 --lang da", 0,
     ["NYE FLEKSJOB 2019", "Data til og med 31. marts 2019"], []),
    ("report {data}/demo-municipality --as-of 2026-01-01", 0, ["248 of 400 (62%)", "hidden"], []),
    ("report {data}/demo-municipality --as-of 2026-01-01 --all", 0, ["248 of 400 (62%)"], []),
    ("report {data}/demo-municipality --as-of=2026-01-01 --by sex --threshold 10", 0, ["248 of 400 (62%)"], []),
    ("report {data}/demo-municipality --as-of 2026-01-01 --format csv", 0, ["indicator,definition", ",suppressed"], []),
    ("report {data}/demo-municipality --as-of 2026-01-01 --format json", 0, ['"state": "suppressed"'], []),
    ("report {data}/demo-municipality", 0, ["Data up to and including"], []),
    # one file
    ("check {data}/demo-municipality/persons.csv", 0, ["persons              400 rows", "programme.people"], []),
    ("check {data}/demo-municipality/placements.csv", 1, ["there is no table persons"], []),
    ("check {data}/README.md", 1, [], ["no table has this name; expected one of persons.csv"]),
    # not understood
    ("", 2, [], ["no command; expected new, check, report", "Help: flexmetrics --help"]),
    ("chek x", 2, [], ['there is no command "chek"; did you mean check?']),
    ("chek x --lang da", 2, [], ['der er ingen kommando "chek"; mente du check?', "Hjælp: flexmetrics --help"]),
    ("report x --form csv", 2, [], ["there is no option --form; did you mean --format?",
                                    "Help: flexmetrics report --help"]),
    ("report x --as-off 2026-01-01", 2, [], ["did you mean --as-of?"]),
    ("report x --xyzzy", 2, [], ["there is no option --xyzzy\n"]),
    ("report x --format xlsx", 2, [], ['--format is "xlsx"; expected table|csv|json']),
    ("report x --format", 2, [], ["--format needs a value: table|csv|json"]),
    ("report x --out --all", 2, [], ["--out needs a value: FILE"]),
    ("report x --all=1", 2, [], ["--all takes no value"]),
    ("report x --format csv --format json", 2, [], ["--format is given twice"]),
    ("report x --as-of 2026-02-30", 2, [], ['--as-of is "2026-02-30"; expected a day of the calendar']),
    ("report x --as-of 30-01-2026", 2, [], ['--as-of is "30-01-2026"; expected a date as year-month-day']),
    ("report x --as-of 30-01-2026 --lang da", 2, [], ["ventet en dato som år-måned-dag"]),
    ("report x --level 95", 2, [], ["expected a number between 0 and 1"]),
    ("report x --threshold 0", 2, [], ["expected a whole number from 1 to"]),
    ("report x --threads many", 2, [], ["expected a whole number from 1 to 1024"]),
    ("report x --id-width 65", 2, [], ["expected a whole number from 1 to 64"]),
    ("report x --weight w", 2, [], ["report has no option --weight; it belongs to compute"]),
    ("report x --lang sv", 2, [], ['--lang is "sv"; expected en|da']),
    ("report x y", 2, [], ['"y" is too much; expected flexmetrics report DATA']),
    ("report", 2, [], ["something is missing; expected flexmetrics report DATA"]),
    ("compute programme.people", 2, [], ["expected flexmetrics compute ID DATA"]),
    ("report -x", 2, [], ['"-x" is no option; options begin with two dashes']),
    ("list indicators", 2, [], ['there is no list "indicators"; expected nothing, codes, tables or sdg']),
    ("list codes plcement_kind", 2, [], ["there is no code list", "did you mean placement_kind?"]),
    ("list codes education", 2, [], ["no words are built in for education"]),
    ("list tables persons", 2, [], ["flexmetrics describe persons"]),
    ("describe retention.statsu", 2, [], ["did you mean retention.status?"]),
    ("describe survival", 2, [], ["did you mean retention.survival?"]),
    ("compute retention.stat {data}/demo-municipality", 2, [], ["did you mean retention.status?"]),
    ("compute retention.status {data}/demo-municipality --option horizon=6", 2, [],
     ['retention.status has no option "horizon"; it has index, horizons']),
    ("compute retention.status {data}/demo-municipality --option horizon=6 --lang da", 2, [],
     ['retention.status har ikke valget "horizon"; den har index, horizons']),
    ("compute retention.status {data}/demo-municipality --option horizons", 2, [], ["expected name=value"]),
    ("compute retention.status {data}/demo-municipality --option horizons=x", 2, [], ['horizons is "x"']),
    ("compute retention.status {data}/demo-municipality --option gap_days=-1", 2, [], ["option gap_days: expected"]),
    ("compute programme.people {data}/demo-municipality --by nothing", 2, [], ["cannot have the column nothing"]),
    ("compute programme.people {data}/demo-municipality --filter sex", 2, [], ["the rule is not clear at character"]),
    ("compute income.change {data}/demo-municipality --option period_0=1990", 2, [], ["no income of the period 1990"]),
    ("compute income.gap {data}/demo-municipality", 2, [], ["group: expected the name of the one column"]),
    ("compute income.gap {data}/demo-municipality --option group=sex --option reference=man --option compared=female",
     2, [], ['no row has the value "man" in column sex']),
    ("compute income.distribution {data}/demo-municipality --option measures=ginny", 2, [], ["near it: gini"]),
    ("compute income.distribution {data}/demo-municipality --option psu=nothing", 2, [],
     ["cannot have the column nothing"]),
    ("compute income.distribution {data}/demo-municipality --option bounded=yes --option psu=household_id", 2, [],
     ["design: needs the rows themselves"]),
    ("compute income.distribution {data}/demo-municipality --option bounded=yes --option measures=theil", 2, [],
     ["theil has no bounds"]),
    ("compute income.distribution {data}/demo-municipality --option period=1990", 2, [], ["no income of the period 1990"]),
    ("compute programme.people {data}/demo-municipality --weight w", 2, [], ["takes no weight"]),
    ("check {data}/demo-municipality --date-format DD-MM", 2, [], ["the date pattern"]),
    ("check {data}/demo-municipality --decimal comma --thousands comma", 2, [], ["two different signs"]),
    ("check {data}/demo-municipality --columns placements.begin=x", 1, [], ["the schema has no column"]),
    ("check {data}/demo-municipality --columns {tmp}/none", 3, [], ["cannot be read: there is no such file"]),
    # the data cannot do it
    ("compute programme.people {data}/fredericia", 1, [], ["needs the table persons, which the data do not have"]),
    ("compute programme.people {data}/fredericia --lang da", 1, [], ["kræver tabellen persons, som data ikke har"]),
    ("report {data}/demo-municipality --by nothing", 2, [], ["nothing"]),
    # the system
    ("list --out {tmp}", 3, [], ["cannot be written: it is a folder, expected a file"]),
    ("list --out {tmp}/none/x.csv", 3, [], ["cannot be written: there is no such file or folder"]),
    ("list --out {tmp}/none/x.csv --lang da", 3, [], ["kan ikke skrives: der er ingen sådan fil eller mappe"]),
    ("new {tmp}/none/deep", 3, [], ["cannot be written: there is no such file or folder"]),
    ("report {tmp}/none", 3, [], ["there is no such folder"]),
]

# What a measure cannot do without.
NEEDED = {
    "retention.discrete_hazard": "--option covariates=sex:female --option bands=3,6,12 --option length=90",
    "retention.fine_gray": "--option covariates=sex:female --option baseline=yes",
    "retention.cox": "--option dated=aftercare,upskilling --option covariates=sex:female",
    "income.gap": "--option group=sex --option reference=male --option compared=female",
    "income.dominance": "--option group=sex --option reference=male --option compared=female",
    "income.decomposition": "--option group=education",
}

# What stands in golden/NAME.txt, letter by letter.
GOLDEN = {
    "help.en": "--help", "help.da": "--help --lang da", "compute-help.en": "compute --help",
    "report-help.da": "report --help --lang da", "list.en": "list", "list-tables.da": "list tables --lang da",
    "status.en": "describe retention.status", "placements.da": "describe placements --lang da",
    "check-fredericia.en": "check fredericia", "check-fredericia.da": "check fredericia --lang da",
    "sdmx-help.en": "sdmx --help", "sdmx.da": "sdmx ../../tests/oracle/sdg/sdmx_csv_v2_example.csv --lang da",
}
