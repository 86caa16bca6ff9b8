/* Every word the command itself says, in English and Danish. The library's words are in the catalogue. */
#include "cli.h"

const word words[] = {
    /* ---- help ---- */
    {"help",
     "flexmetrics {1}: trustworthy figures of an employment programme\n\n"
     "Begin\n"
     "  flexmetrics new FOLDER                empty tables and what they may hold\n"
     "  flexmetrics check DATA                every problem and what mends it\n"
     "  flexmetrics report DATA --as-of DATE  the page of figures, small counts hidden\n\n"
     "Look up\n"
     "  flexmetrics list                      every indicator\n"
     "  flexmetrics list tables               the tables that data may have\n"
     "  flexmetrics list codes [LIST]         the words that columns may hold\n"
     "  flexmetrics describe ID               an indicator or a table with its options\n\n"
     "Compute\n"
     "  flexmetrics compute ID DATA           one indicator, small counts hidden\n\n"
     "Bring in\n"
     "  flexmetrics dream FILE --out spells.csv  wide weekly file to the table spells\n"
     "  flexmetrics settlement FILE...        settlement files: sums a week, spells\n"
     "  flexmetrics series FILE               published tables as one tidy table\n\n"
     "Hand over\n"
     "  flexmetrics sdmx FILE --version 2.0   figures of goals 8 and 10 as SDMX-CSV\n\n"
     "DATA is a folder of CSV files (persons.csv, placements.csv, ...) or one file.\n"
     "compute also reads any other CSV file, a row a unit, and - for standard input.\n"
     "DATE is the first day that is not known, such as 2026-01-01 for data complete\n"
     "to the end of 2025. Results never depend on the number of processors.\n\n"
     "Options of a command   flexmetrics COMMAND --help\n"
     "In Danish              --lang da\n"
     "The version            --version\n\n"
     "Exit codes  0 done, 1 the data have problems, 2 the command was not understood,\n"
     "            3 the system: a file, memory, the disk, or stopped by Ctrl-C\n",
     "flexmetrics {1}: pålidelige tal for en beskæftigelsesindsats\n\n"
     "Begynd\n"
     "  flexmetrics new MAPPE                 tomme tabeller, og hvad de må rumme\n"
     "  flexmetrics check DATA                alle problemer, og hvordan de rettes\n"
     "  flexmetrics report DATA --as-of DATO  siden med tal, små antal er skjult\n\n"
     "Slå op\n"
     "  flexmetrics list                      alle indikatorer\n"
     "  flexmetrics list tables               de tabeller, data kan have\n"
     "  flexmetrics list codes [LISTE]        de ord, kolonner må rumme\n"
     "  flexmetrics describe ID               en indikators valg eller en tabel\n\n"
     "Beregn\n"
     "  flexmetrics compute ID DATA           én indikator, små antal er skjult\n\n"
     "Hent ind\n"
     "  flexmetrics dream FIL --out spells.csv  bred ugefil til tabellen spells\n"
     "  flexmetrics settlement FIL...         refusionsfiler: summer pr. uge, perioder\n"
     "  flexmetrics series FIL                offentlige tabeller som én ryddelig\n\n"
     "Giv videre\n"
     "  flexmetrics sdmx FIL --version 2.0    tal for mål 8 og 10 som SDMX-CSV\n\n"
     "DATA er en mappe med CSV-filer (persons.csv, placements.csv, ...) eller én fil.\n"
     "compute læser også enhver anden CSV-fil med en række pr. enhed, og - for\n"
     "standardinput.\n"
     "DATO er den første dag, der ikke er kendt, f.eks. 2026-01-01 for data til\n"
     "udgangen af 2025. Resultatet afhænger aldrig af antallet af processorer.\n\n"
     "En kommandos valg      flexmetrics KOMMANDO --help --lang da\n"
     "På engelsk             --lang en\n"
     "Versionen              --version\n\n"
     "Slutkoder   0 færdig, 1 data har problemer, 2 kommandoen blev ikke forstået,\n"
     "            3 systemet: en fil, hukommelsen, disken eller afbrudt med Ctrl-C\n"},
    {"help.usage", "usage: flexmetrics {1} {2} [options]\n\n", "brug: flexmetrics {1} {2} [valg]\n\n"},
    {"help.options", "What to compute", "Hvad der beregnes"},
    {"help.exchange", "What is written", "Hvad der skrives"},
    {"help.output", "How it is written", "Hvordan det skrives"},
    {"help.reading", "How the files are read (in place of what datapackage.json says)",
     "Hvordan filerne læses (i stedet for, hvad datapackage.json siger)"},
    {"help.always", "Always", "Altid"},
    {"help.new",
     "Makes FOLDER with an empty CSV file for each table, and README.md and LAESMIG.md "
     "that explain every column. Nothing that is there is overwritten. persons.csv and "
     "placements.csv are enough to begin; delete the tables you have no data for.",
     "Laver MAPPE med en tom CSV-fil for hver tabel samt README.md og LAESMIG.md, der "
     "forklarer hver kolonne. Intet overskrives. persons.csv og placements.csv er nok til "
     "at begynde med; slet de tabeller, du ikke har data til."},
    {"help.check",
     "Reads DATA and lists all problems with file, line, column, what was expected and "
     "how to mend it; then says what can be computed. A note is listed and the work goes "
     "on; any other problem gives exit code 1. Ids of people are never shown.",
     "Læser DATA og viser alle problemer med fil, linje, kolonne, hvad der var ventet, og "
     "hvordan det rettes; derefter hvad der kan beregnes. En bemærkning vises, og arbejdet "
     "går videre; ethvert andet problem giver slutkode 1. Personers id vises aldrig."},
    {"help.report",
     "Writes the page of everything the data allow. Counts of 1 to 4 people, and what "
     "would reveal them, are hidden. CSV and JSON hold the same figures with all digits.",
     "Skriver siden med alt, hvad data rækker til. Antal på 1 til 4 personer, og hvad der "
     "ville afsløre dem, er skjult. CSV og JSON rummer de samme tal med alle cifre."},
    {"help.list",
     "Lists the indicators; with `tables` the tables data may have; with `codes` the code "
     "lists; with `sdg` the indicators of goals 8 and 10; with `codes LIST` the words of "
     "one list. LIST is a list (placement_kind) or the column that uses it "
     "(placements.kind).",
     "Viser indikatorerne; med `tables` de tabeller, data kan have; med `codes` kodelisterne; "
     "med `sdg` indikatorerne for verdensmål 8 og 10; med `codes LISTE` ordene i én liste. "
     "LISTE er en liste (placement_kind) eller den kolonne, der bruger den "
     "(placements.kind)."},
    {"help.describe",
     "Tells what an indicator is: definition, source, the columns it needs, and its "
     "options. ID may also be a number of the Sustainable Development Goals 8 and 10, such "
     "as 8.5.2, or a table, such as placements.",
     "Fortæller, hvad en indikator er: definition, kilde, de kolonner den bruger, og dens "
     "valg. ID kan også være et nummer fra verdensmål 8 og 10, f.eks. 8.5.2, eller en "
     "tabel, f.eks. placements."},
    {"help.compute",
     "Computes one indicator of `flexmetrics list`. What tells of fewer than 5 people is hidden "
     "unless --unprotected is given. DATA may be one CSV file of rows, such as a survey, or "
     "- for the standard input: the options name its columns.",
     "Beregner én indikator fra `flexmetrics list`. Det, der fortæller om færre end 5 personer, "
     "er skjult, medmindre --unprotected er givet. DATA kan være én CSV-fil med rækker, f.eks. "
     "en survey, eller - for standardinput: valgene navngiver dens kolonner."},
    {"help.dream",
     "Reads the wide weekly file of the DREAM register (a row a person, columns y_YYWW, "
     "branche_YYYY_MM, grad_YYYY_MM) in one pass and writes a row for each run of weeks in "
     "the same state, as the register's table spells. A week without benefit is 100 with a "
     "record of employment in its month, 0 without, not_known where no column tells. Codes "
     "that the list does not know become other_benefit and are listed, never work.",
     "Læser den brede ugefil fra DREAM (en række pr. person, kolonnerne y_YYWW, "
     "branche_YYYY_MM, grad_YYYY_MM) i ét gennemløb og skriver en række for hver stribe uger "
     "i samme tilstand, som registrets tabel spells. En uge uden ydelse er 100 med "
     "beskæftigelse i ugens måned, 0 uden, not_known hvor ingen kolonne viser det. Koder, "
     "som listen ikke kender, bliver other_benefit og vises, aldrig arbejde."},
    {"help.settlement",
     "Adds up settlement files of the refund system (yr-ydelsesrefusion-beregning*.csv) by "
     "week, person and benefit over all files given: corrections count, a line told twice "
     "counts once, sums of nothing are dropped, lost leading zeros come back. The table is "
     "`weeks` (paid, refund, what is left to the municipality), `contributions` "
     "(Fleksbidrag fra staten) or `spells` for the register.",
     "Lægger refusionsfiler (yr-ydelsesrefusion-beregning*.csv) sammen pr. uge, person og "
     "ydelse over alle angivne filer: korrektioner tæller med, en linje, der står to gange, "
     "tæller én gang, summer på nul falder ud, tabte foranstillede nuller kommer igen. "
     "Tabellen er `weeks` (udbetalt, refusion, resten til kommunen), `contributions` "
     "(Fleksbidrag fra staten) eller `spells` til registret."},
    {"examples.settlement",
     "\nExamples\n  flexmetrics settlement yr-2024-*.csv --format csv --out weeks.csv\n"
     "  flexmetrics settlement yr-2024-*.csv --table spells --format csv --out our-data/spells.csv\n",
     "\nEksempler\n  flexmetrics settlement yr-2024-*.csv --format csv --out uger.csv --lang da\n"
     "  flexmetrics settlement yr-2024-*.csv --table spells --format csv --out vores-tal/spells.csv --lang da\n"},
    {"help.series",
     "Reads a table of Jobindsats (Område, Periode, ...) or StatBank Denmark (TID, INDHOLD) "
     "and writes a row a figure: area, dimensions, measure, period with first and last day, "
     "value, state, subtotal. Hidden figures stay hidden, never missing or 0; the newest "
     "period of Jobindsats is preliminary; sums beside their parts are marked.",
     "Læser en tabel fra Jobindsats (Område, Periode, ...) eller Statistikbanken (TID, "
     "INDHOLD) og skriver en række pr. tal: område, dimensioner, mål, periode med første og "
     "sidste dag, værdi, tilstand, subtotal. Skjulte tal forbliver skjulte, aldrig manglende "
     "eller 0; Jobindsats' nyeste periode er foreløbig; summer ved siden af delene mærkes."},
    {"help.sdmx",
     "Writes figures of the Sustainable Development Goals 8 and 10 as SDMX-CSV. FILE is a result that "
     "compute wrote with --format csv, a table with a column for each component (SERIES, SEX, "
     "OBS_VALUE, ...), SDMX-CSV itself, or - for the standard input. Codes, keys and statuses are checked "
     "before anything is written; all problems are listed. Without --version the observations are shown.",
     "Skriver tal for verdensmål 8 og 10 som SDMX-CSV. FIL er et resultat, compute skrev med --format csv, "
     "en tabel med en kolonne pr. komponent (SERIES, SEX, OBS_VALUE, ...), selv SDMX-CSV, eller - for "
     "standardinput. Koder, nøgler og statusser prøves, før noget skrives; alle problemer vises. Uden "
     "--version vises observationerne."},
    {"examples.sdmx",
     "\nExamples\n  flexmetrics sdmx poverty.csv --version 2.0 --structure 1.8 --area 208 \\\n"
     "    --year 2024 --series SI_POV_50MI --out SI_POV_50MI.csv\n"
     "  flexmetrics sdmx received.csv --format csv\n",
     "\nEksempler\n  flexmetrics sdmx fattigdom.csv --version 2.0 --structure 1.8 --area 208 \\\n"
     "    --year 2024 --series SI_POV_50MI --out SI_POV_50MI.csv --lang da\n"
     "  flexmetrics sdmx modtaget.csv --format csv --lang da\n"},
    {"examples.series",
     "\nExamples\n  flexmetrics series y36a02.csv --format csv --out series.csv\n"
     "  flexmetrics series auk02.csv --decimal point --area KOMMUNE\n",
     "\nEksempler\n  flexmetrics series y36a02.csv --format csv --out serie.csv --lang da\n"
     "  flexmetrics series auk02.csv --decimal point --area KOMMUNE --lang da\n"},
    {"examples.dream",
     "\nExamples\n  flexmetrics dream dream.csv --out our-data/spells.csv\n"
     "  flexmetrics dream dream.csv --out our-data/spells.csv --as-of 2026-01-05 --skip-bad --codes our-codes\n",
     "\nEksempler\n  flexmetrics dream dream.csv --out vores-tal/spells.csv --lang da\n"
     "  flexmetrics dream dream.csv --out vores-tal/spells.csv --as-of 2026-01-05 --skip-bad --lang da\n"},
    {"examples.new", "\nExample\n  flexmetrics new our-data\n", "\nEksempel\n  flexmetrics new vores-tal\n"},
    {"examples.check",
     "\nExamples\n  flexmetrics check our-data\n"
     "  flexmetrics check our-data --date-format DD-MM-YYYY --decimal comma --lang da\n"
     "  flexmetrics check our-data --columns \"placements.start=Startdato;placements.end=Slutdato\"\n",
     "\nEksempler\n  flexmetrics check vores-tal --lang da\n"
     "  flexmetrics check vores-tal --date-format DD-MM-YYYY --decimal comma --lang da\n"
     "  flexmetrics check vores-tal --columns \"placements.start=Startdato;placements.end=Slutdato\"\n"},
    {"examples.report",
     "\nExamples\n  flexmetrics report our-data --as-of 2026-01-01\n"
     "  flexmetrics report our-data --as-of 2026-01-01 --format csv --csv-style danish --out figures.csv\n",
     "\nEksempler\n  flexmetrics report vores-tal --as-of 2026-01-01 --lang da\n"
     "  flexmetrics report vores-tal --as-of 2026-01-01 --lang da --format csv --csv-style danish --out tal.csv\n"},
    {"examples.list", "\nExamples\n  flexmetrics list\n  flexmetrics list codes placements.kind\n",
     "\nEksempler\n  flexmetrics list --lang da\n  flexmetrics list codes placements.kind --lang da\n"},
    {"examples.describe", "\nExamples\n  flexmetrics describe retention.status\n  flexmetrics describe placements\n",
     "\nEksempler\n  flexmetrics describe retention.status --lang da\n  flexmetrics describe placements --lang da\n"},
    {"examples.compute",
     "\nExamples\n  flexmetrics compute retention.status our-data --by sex --option horizons=6,12,24\n"
     "  flexmetrics compute programme.placements our-data --filter \"kind = fleksjob & sector = private\"\n"
     "  flexmetrics compute income.distribution survey.csv --by region --weight rb050\n"
     "      --option income=eqIncome --option strata=db040 --option psu=db030\n",
     "\nEksempler\n  flexmetrics compute retention.status vores-tal --by sex --option horizons=6,12,24\n"
     "  flexmetrics compute programme.placements vores-tal --filter \"kind = fleksjob & sector = private\"\n"
     "  flexmetrics compute income.distribution survey.csv --by region --weight rb050\n"
     "      --option income=eqIncome --option strata=db040 --option psu=db030 --lang da\n"},
    {"FOLDER", "FOLDER", "MAPPE"},
    {"FILE", "FILE", "FIL"},
    {"FILE...", "FILE...", "FIL..."},
    {"[codes [LIST] | tables]", "[codes [LIST] | tables]", "[codes [LISTE] | tables]"},

    /* ---- what stands after an option ---- */
    {"value.DATE", "DATE", "DATO"},
    {"value.COLUMNS", "COLUMNS", "KOLONNER"},
    {"value.COLUMN", "COLUMN", "KOLONNE"},
    {"value.A,B[,C][=NAME]", "A,B[,C][=NAME]", "A,B[,C][=NAVN]"},
    {"value.RULE", "RULE", "REGEL"},
    {"value.SHARE", "SHARE", "ANDEL"},
    {"value.NAME=VALUE", "NAME=VALUE", "NAVN=VÆRDI"},
    {"value.CODE", "CODE", "KODE"},
    {"value.WORDS", "WORDS", "ORD"},
    {"value.SERIES", "SERIES", "SERIER"},
    {"value.VERSIONS", "VERSIONS", "VERSIONER"},
    {"value.VERSION|ID", "VERSION|ID", "VERSION|ID"},
    {"value.YEAR|YEARS", "YEAR|YEARS", "ÅR|ÅRENE"},
    {"value.FILE", "FILE", "FIL"},
    {"value.FOLDER", "FOLDER", "MAPPE"},
    {"value.PATTERN", "PATTERN", "MØNSTER"},
    {"value.TEXT", "TEXT", "TEKST"},
    {"value.FOLDER|FILE", "FOLDER|FILE", "MAPPE|FIL"},
    {"value.FILE|MAPPING", "FILE|MAPPING", "FIL|LISTE"},

    /* ---- options ---- */
    {"option.as-of",
     "the first day that is not known, as 2026-01-01; without it the day after the last one in the data",
     "den første dag, der ikke er kendt, som 2026-01-01; ellers dagen efter den sidste i data"},
    {"option.carry", "also cut spells where the industry or employment rate changes, and write it",
     "del også perioder, hvor branche eller beskæftigelsesgrad skifter, og skriv den"},
    {"option.table", "which table is written; weeks unless given", "hvilken tabel der skrives; ellers weeks (uger)"},
    {"option.preliminary", "newest periods that are preliminary; 1 for Jobindsats, otherwise 0",
     "nyeste perioder, der er foreløbige; 1 for Jobindsats, ellers 0"},
    {"option.by",
     "group columns, separated by commas, such as target_group,sex (report: one column, target_group "
     "unless given; \"\" for none)",
     "gruppekolonner adskilt af kommaer, f.eks. target_group,sex (report: én kolonne, ellers target_group; \"\" for "
     "ingen)"},
    {"option.merge",
     "groups of --by that become one before anything is counted, as often as needed: a person in both counts once",
     "grupper i --by, der bliver til én, før der tælles, så mange gange som nødvendigt: en person i begge tælles én "
     "gang"},
    {"option.weight", "column of weights; without it each unit counts 1",
     "kolonne med vægte; ellers tæller hver enhed 1"},
    {"option.filter", "rows to keep: column op value joined by & and |, ops = != < <= > >=",
     "rækker, der tages med: kolonne tegn værdi forbundet med & og |, tegn = != < <= > >="},
    {"option.national", "figures of the country that sdg.contribution cites; see flexmetrics describe sdg.contribution",
     "de tal for landet, som sdg.contribution citerer; se flexmetrics describe sdg.contribution"},
    {"option.level", "coverage of uncertainty intervals, between 0 and 1; 0.95 unless given",
     "dækning af usikkerheden, mellem 0 og 1; ellers 0.95"},
    {"option.option", "an option of the indicator, as often as needed; see flexmetrics describe ID",
     "et af indikatorens valg, så mange gange som nødvendigt; se flexmetrics describe ID"},
    {"option.threshold", "smallest count of people that is shown; 5 unless given, 1 hides nothing",
     "mindste antal personer, der vises; ellers 5, og 1 skjuler intet"},
    {"option.earlier",
     "what was published before, as compute wrote it with --format csv: a figure whose difference from it tells of few "
     "people is hidden, too",
     "det, der er offentliggjort før, som compute skrev det med --format csv: også et tal, hvis forskel fra det "
     "fortæller om få personer, skjules"},
    {"option.unprotected", "hide nothing: for those who may see the data, not to be published",
     "skjul intet: for dem, der må se data, ikke til offentliggørelse"},
    {"option.statement", "the statement of a registered social enterprise in place of the page",
     "redegørelsen fra en registreret socialøkonomisk virksomhed i stedet for siden"},
    {"option.definitions", "name, definition and source of every indicator in the report in place of the page",
     "navn, definition og kilde for hver indikator i rapporten i stedet for siden"},
    {"option.all", "the long page, with every section", "den lange side med alle afsnit"},
    {"option.format", "table unless given: aligned text, CSV, JSON, or a workbook (.xlsx, with --out)",
     "ellers table: tekst i kolonner, CSV, JSON eller en projektmappe (.xlsx, med --out)"},
    {"option.csv-style",
     "plain: comma and decimal point; danish: semicolon, decimal comma, byte order mark, Danish headers with --lang da",
     "plain: komma og decimalpunktum; danish: semikolon, decimalkomma, BOM, danske overskrifter med --lang da"},
    {"option.digits", "full: all digits in the table, not rounded by the uncertainty",
     "full: alle cifre i tabellen, ikke afrundet efter usikkerheden"},
    {"option.out", "write to this file, whole or not at all, instead of the screen",
     "skriv til denne fil, hel eller slet ikke, i stedet for på skærmen"},
    {"option.date-format", "DD, MM, YYYY and the signs between them, such as DD-MM-YYYY; YYYY-MM-DD unless given",
     "DD, MM, YYYY og tegnene imellem, f.eks. DD-MM-YYYY; ellers YYYY-MM-DD"},
    {"option.decimal", "decimal sign; point unless given", "decimaltegn; ellers point (punktum)"},
    {"option.thousands", "sign between thousands; none unless given", "tegn mellem tusinder; ellers none (intet)"},
    {"option.delimiter", "sign between cells; from the header line unless given",
     "tegn mellem celler; ellers efter overskriftslinjen"},
    {"option.encoding", "encoding of the files; utf-8 unless given", "filernes tegnkodning; ellers utf-8"},
    {"option.missing", "a text that means no value, such as NA, besides the empty cell",
     "en tekst, der betyder ingen værdi, f.eks. NA, foruden den tomme celle"},
    {"option.max-row-bytes", "longest row that is read; 1048576 unless given",
     "længste række, der læses; ellers 1048576"},
    {"option.id", "column of the person's key; pnr, lobenr or person_id unless given",
     "kolonnen med personens nøgle; ellers pnr, lobenr eller person_id"},
    {"option.sdmx.version", "version of SDMX-CSV that is written; without it the observations are shown",
     "den version af SDMX-CSV, der skrives; ellers vises observationerne"},
    {"option.sdmx.structure", "version of the global structure, such as 1.8, or AGENCY:ID(VERSION)",
     "den globale strukturs version, f.eks. 1.8, eller AGENCY:ID(VERSION)"},
    {"option.sdmx.structure-type", "what it is; datastructure unless given, in 1.0 dataflow",
     "hvad den er; ellers datastructure, i 1.0 dataflow"},
    {"option.sdmx.action", "what is done with the rows; I unless given, in 2.1 M",
     "hvad der gøres med rækkerne; ellers I, i 2.1 M"},
    {"option.sdmx.area", "REF_AREA of rows without one, such as 208", "REF_AREA i rækker uden, f.eks. 208"},
    {"option.sdmx.year", "TIME_PERIOD of rows without one, such as 2024 or 2013-2018",
     "TIME_PERIOD i rækker uden, f.eks. 2024 eller 2013-2018"},
    {"option.sdmx.reporting-type", "national, regional or by the custodian; N unless given",
     "national, regional eller fra værten; ellers N"},
    {"option.sdmx.source", "SOURCE_DETAIL of rows without one", "SOURCE_DETAIL i rækker uden"},
    {"option.sdmx.set", "any other component of rows without it, as often as needed",
     "enhver anden komponent i rækker uden, så ofte det skal være"},
    {"option.sdmx.definition", "words where a result does not say which definition, such as icls_13",
     "ord, hvor et resultat ikke siger hvilken definition, f.eks. icls_13"},
    {"option.sdmx.series", "only these series of a result, separated by commas",
     "kun disse serier af et resultat, adskilt af komma"},
    {"option.sdmx.custom", "columns of a result that go to CUST_BREAKDOWN",
     "kolonner i et resultat, der kommer i CUST_BREAKDOWN"},
    {"option.sdmx.keep",
     "further columns of observations to write", "flere kolonner med observationer, der skrives med"},
    {"option.sdmx.lists", "older versions of code lists, such as CL_AGE(1.1)",
     "ældre versioner af kodelister, f.eks. CL_AGE(1.1)"},
    {"option.area", "column of the area; Område where there is one",
     "kolonnen med området; ellers Område, hvis den er der"},
    {"option.period", "column of the period; Periode or TID unless given",
     "kolonnen med perioden; ellers Periode eller TID"},
    {"option.dimensions", "columns of numbers that are no figures, separated by commas",
     "kolonner med tal, der ikke er opgørelser, adskilt af komma"},
    {"option.suppressed", "a text that means a hidden figure, besides * ** x <5",
     "en tekst, der betyder et skjult tal, ud over * ** x <5"},
    {"option.columns", "own headers: a file with one table.column=header a line, or \"table.column=header;...\" itself",
     "egne overskrifter: en fil med én tabel.kolonne=overskrift pr. linje, eller \"tabel.kolonne=overskrift;...\" "
     "selv"},
    {"option.codes",
     "folder with own code lists, LIST.csv, in place of the built-in ones; one such file for a file that is no "
     "table of the register",
     "mappe med egne kodelister, LISTE.csv, i stedet for de indbyggede; én sådan fil til en fil, der ikke er en af "
     "registrets tabeller"},
    {"option.id-width", "ids with fewer characters get leading zeros to this width",
     "id'er med færre tegn får nuller foran til denne bredde"},
    {"option.skip-bad", "leave rows with errors out, listed, instead of stopping",
     "udelad rækker med fejl, opført på listen, i stedet for at stoppe"},
    {"option.threads", "processors used; all of them unless given; never changes a result",
     "antal processorer; ellers alle; ændrer aldrig et resultat"},
    {"option.lang", "language of all words; en unless given", "sprog for alle ord; ellers en"},
    {"option.help", "this help", "denne hjælp"},
    {"option.version", "the version", "versionen"},

    /* ---- a command that was not understood ---- */
    {"did_you_mean", "; did you mean {1}?", "; mente du {1}?"},
    {"usage.book_file", "--format xlsx writes a file: give its name by --out, such as --out figures.xlsx",
     "--format xlsx skriver en fil: giv dens navn med --out, f.eks. --out tal.xlsx"},
    {"usage.earlier_open", "--earlier hides differences of few people, and here nothing is to be hidden",
     "--earlier skjuler forskelle på få personer, og her skal intet skjules"},
    {"usage.help", "Help: flexmetrics{2}{1} --help", "Hjælp: flexmetrics{2}{1} --help --lang da"},
    {"usage.nothing",
     "no command; expected new, check, report, list, describe, compute, dream, settlement, series or sdmx",
     "ingen kommando; ventet new, check, report, list, describe, compute, dream, settlement, series eller sdmx"},
    {"usage.command", "there is no command \"{1}\"{2}", "der er ingen kommando \"{1}\"{2}"},
    {"usage.one_page", "give one of --statement, --definitions, --all and --format csv, json or xlsx",
     "giv én af --statement, --definitions, --all og --format csv, json eller xlsx"},
    {"usage.option", "there is no option --{1}{2}", "der er intet valg --{1}{2}"},
    {"usage.dash", "\"{1}\" is no option; options begin with two dashes, such as --lang",
     "\"{1}\" er intet valg; valg begynder med to streger, f.eks. --lang"},
    {"usage.flag", "--{1} takes no value", "--{1} har ingen værdi"},
    {"usage.value", "--{1} needs a value: {2}", "--{1} mangler en værdi: {2}"},
    {"usage.twice", "--{1} is given twice; expected once", "--{1} er givet to gange; ventet én gang"},
    {"usage.choice", "--{1} is \"{2}\"; expected {3}", "--{1} er \"{2}\"; ventet {3}"},
    {"usage.whole", "--{1} is \"{2}\"; expected a whole number from {3} to {4}",
     "--{1} er \"{2}\"; ventet et helt tal fra {3} til {4}"},
    {"usage.share", "--{1} is \"{2}\"; expected a number between 0 and 1, such as 0.95",
     "--{1} er \"{2}\"; ventet et tal mellem 0 og 1, f.eks. 0.95"},
    {"usage.date", "--{1} is \"{2}\"; expected a date as year-month-day, such as 2026-01-01",
     "--{1} er \"{2}\"; ventet en dato som år-måned-dag, f.eks. 2026-01-01"},
    {"usage.no_day", "--{1} is \"{2}\"; expected a day of the calendar, and there is no such day",
     "--{1} er \"{2}\"; ventet en dag i kalenderen, og den dag findes ikke"},
    {"usage.name_value", "--option is \"{1}\"; expected name=value, such as horizons=6,12",
     "--option er \"{1}\"; ventet navn=værdi, f.eks. horizons=6,12"},
    {"usage.not_here", "{1} has no option --{2}; it belongs to {3}", "{1} har ikke valget --{2}; det hører til {3}"},
    {"usage.too_many", "\"{1}\" is too much; expected flexmetrics {2} {3}",
     "\"{1}\" er for meget; ventet flexmetrics {2} {3}"},
    {"usage.out_is_input", "--{1} is \"{2}\", which is read; expected another file",
     "--{1} er \"{2}\", som læses; ventet en anden fil"},
    {"usage.too_few", "something is missing; expected flexmetrics {1} {2}",
     "der mangler noget; ventet flexmetrics {1} {2}"},

    /* ---- the system ---- */
    {"memory", "there is not enough memory", "der er ikke hukommelse nok"},
    {"stopped", "stopped; nothing was written", "afbrudt; intet er skrevet"},
    {"progress", "working", "arbejder"},
    {"place.line", ", line {1}", ", linje {1}"},
    {"place.column", ", column \"{1}\"", ", kolonne \"{1}\""},
    {"in.failed", "{1}: cannot be read: {2}", "{1}: kan ikke læses: {2}"},
    {"in.one_file", "{1} is a folder; {2} is computed from one CSV file",
     "{1} er en mappe; {2} beregnes af én CSV-fil"},
    {"in.stdin", "the standard input", "standardinput"},
    {"in.no_table", "{1}: no table has this name; expected one of {2}{3}  [FM-F03]",
     "{1}: ingen tabel har dette navn; ventet en af {2}{3}  [FM-F03]"},
    {"out.failed", "{1}: cannot be written: {2}; no part of it was left",
     "{1}: kan ikke skrives: {2}; ingen del af den er efterladt"},
    {"out.lost", "the output cannot be written: {1}", "resultatet kan ikke skrives: {1}"},
    {"reason.nothing", "there is no such file or folder", "der er ingen sådan fil eller mappe"},
    {"reason.permission", "permission denied", "adgang nægtet"},
    {"reason.folder", "it is a folder, expected a file", "det er en mappe, ventet en fil"},
    {"reason.no_folder", "it is a file, expected a folder", "det er en fil, ventet en mappe"},
    {"reason.exists", "it is there already", "den er der allerede"},
    {"reason.full", "no space left on the disk", "der er ikke plads på disken"},
    {"reason.limit", "the file would be larger than allowed", "filen ville blive større end tilladt"},
    {"reason.read_only", "the disk is read-only", "disken kan kun læses"},
    {"reason.long", "the name is too long", "navnet er for langt"},
    {"reason.pipe", "nobody reads it", "ingen læser det"},
    {"reason.other", "the system refused", "systemet afviste"},

    /* ---- new ---- */
    {"new.exists", "{1} is there already; expected a folder without it; nothing was written",
     "{1} er der allerede; ventet en mappe uden den; intet er skrevet"},
    {"new.done",
     "{1} is made. README.md in it explains every column.\n"
     "Fill in persons.csv and placements.csv, delete the tables you have no data for, and then:\n"
     "  flexmetrics check {1}\n",
     "{1} er lavet. LAESMIG.md i den forklarer hver kolonne.\n"
     "Udfyld persons.csv og placements.csv, slet de tabeller, du ikke har data til, og derefter:\n"
     "  flexmetrics check {1} --lang da\n"},
    {"new.readme",
     "# The tables of this folder\n\n"
     "One CSV file a table: a header line, then one row a person, a placement and so on. `persons.csv` and\n"
     "`placements.csv` are enough to begin; delete the files you have no data for. A column that is not marked as\n"
     "required may be left empty or taken out.\n\n"
     "- Dates are year-month-day, such as 2025-12-31. Start and end day both count; an empty end is still running.\n"
     "- Numbers have a decimal point and no sign between thousands. The files are in UTF-8, cells parted by commas.\n"
     "- Other forms are declared: `flexmetrics check --help`.\n"
     "- Ids are keys of your own. Never use civil registration numbers.\n"
     "- The words of a code list: `flexmetrics list codes LIST`.\n\n"
     "Then: `flexmetrics check FOLDER`, and `flexmetrics report FOLDER --as-of DATE`.\n",
     "# Tabellerne i denne mappe\n\n"
     "Én CSV-fil pr. tabel: en linje med overskrifter, derefter én række pr. person, jobforløb og så videre.\n"
     "`persons.csv` og `placements.csv` er nok til at begynde med; slet de filer, du ikke har data til. En kolonne, "
     "der\n"
     "ikke er påkrævet, kan stå tom eller tages ud.\n\n"
     "- Datoer er år-måned-dag, f.eks. 2025-12-31. Start- og slutdag tæller begge; en tom slutdag er stadig i gang.\n"
     "- Tal har decimalpunktum og intet tegn mellem tusinder. Filerne er i UTF-8, celler adskilt af kommaer.\n"
     "- Andre former angives: `flexmetrics check --help --lang da`.\n"
     "- Id'er er jeres egne nøgler. Brug aldrig CPR-numre.\n"
     "- Ordene i en kodeliste: `flexmetrics list codes LISTE --lang da`.\n\n"
     "Derefter: `flexmetrics check MAPPE --lang da` og `flexmetrics report MAPPE --as-of DATO --lang da`.\n"},
    {"new.columns", "| column | required | type | what it holds |\n|---|---|---|---|\n",
     "| kolonne | påkrævet | type | indhold |\n|---|---|---|---|\n"},
    {"new.yes", "yes", "ja"},
    {"new.own_list", " (words of your own, or the code list `{1}`)", " (egne ord eller kodelisten `{1}`)"},
    {"new.list", " (code list `{1}`)", " (kodeliste `{1}`)"},

    /* ---- check ---- */
    {"check.title", "{1} is in order.\n\n", "{1} er i orden.\n\n"},
    {"check.row", "{1} row", "{1} række"},
    {"check.rows", "{1} rows", "{1} rækker"},
    {"check.end",
     "\nThe last day in the data is {1}. The report to the end of it:\n  flexmetrics report {2} --as-of {3}\n",
     "\nDen sidste dag i data er {1}. Rapporten til og med den:\n  flexmetrics report {2} --as-of {3} --lang da\n"},
    {"check.can", "\nThese data allow\n", "\nDisse data rækker til\n"},
    {"check.can_nothing", "\nThese data allow no indicator.\n", "\nDisse data rækker ikke til nogen indikator.\n"},
    {"check.name", "{1}", "{1}"},
    {"check.by_work", "{1}, with --option definition=weekly_strict", "{1}, med --option definition=weekly_strict"},
    {"check.cannot", "\nThey do not allow\n", "\nDe rækker ikke til\n"},
    {"left_out", " The rows with errors were left out.", " Rækkerne med fejl er udeladt."},
    {"mend.heading", "\nOptions that may mend it\n", "\nValg, der måske retter det\n"},
    {"mend.date", "the form of the dates", "datoernes form"},
    {"mend.decimal", "the decimal sign", "decimaltegnet"},
    {"mend.thousands", "the sign between thousands", "tegnet mellem tusinder"},
    {"mend.encoding", "the encoding of the files", "filernes tegnkodning"},
    {"mend.delimiter", "the sign between cells: comma, semicolon or tab",
     "tegnet mellem celler: comma, semicolon eller tab"},
    {"mend.row_bytes", "longer rows", "længere rækker"},
    {"mend.columns", "own headers, such as \"{1}.{2}=...\"; expected names: flexmetrics describe {1}",
     "egne overskrifter, f.eks. \"{1}.{2}=...\"; ventede navne: flexmetrics describe {1}"},
    {"mend.bare", "another header, such as \"{1}.{2}=...\"; or name another column by an option",
     "en anden overskrift, f.eks. \"{1}.{2}=...\"; eller angiv en anden kolonne med et valg"},
    {"mend.id", "the column of people, when it is called otherwise",
     "kolonnen med personer, når den hedder noget andet"},
    {"mend.period", "the column of periods, when it is called otherwise",
     "kolonnen med perioder, når den hedder noget andet"},
    {"mend.id_width", "fills up ids that lost their leading zeros", "fylder id'er op, der har mistet nuller foran"},
    {"mend.codes", "own words in {1}.csv there; the built-in ones: flexmetrics list codes {1}",
     "egne ord i {1}.csv dér; de indbyggede: flexmetrics list codes {1}"},
    {"mend.own_codes", "own words in {1}.csv there", "egne ord i {1}.csv dér"},

    /* ---- list and describe ---- */
    {"list.what", "there is no list \"{1}\"; expected nothing, codes, tables or sdg{2}",
     "der er ingen liste \"{1}\"; ventet intet, codes, tables eller sdg{2}"},
    {"list.tables", "\"{1}\" is too much after tables; a table is told by flexmetrics describe {1}",
     "\"{1}\" er for meget efter tables; en tabel vises med flexmetrics describe {1}"},
    {"list.sdg", "\"{1}\" is too much after sdg; an indicator is told by flexmetrics describe {1}",
     "\"{1}\" er for meget efter sdg; en indikator vises med flexmetrics describe {1}"},
    {"list.own", "no words are built in for {1}; expected {1}.csv in --codes FOLDER",
     "ingen ord er indbygget for {1}; ventet {1}.csv i --codes MAPPE"},
    {"list.unknown", "there is no code list \"{1}\"; expected one of {2}, or a column such as placements.kind{3}",
     "der er ingen kodeliste \"{1}\"; ventet en af {2} eller en kolonne som placements.kind{3}"},
    {"describe.unknown", "\"{1}\" is no indicator and no table; flexmetrics list has them all{2}",
     "\"{1}\" er hverken indikator eller tabel; flexmetrics list har dem alle{2}"},
    {"describe.unit", "unit", "enhed"},
    {"describe.frame", "made from", "laves af"},
    {"describe.columns", "columns it needs", "kolonner"},
    {"describe.sdg", "SDG", "verdensmål"},
    {"describe.source", "source", "kilde"},
    {"goal.target", "target", "delmål"},
    {"goal.custodian", "custodian", "ansvarlig"},
    {"goal.population", "population", "befolkning"},
    {"goal.input", "computed from", "beregnes af"},
    {"goal.breakdowns", "broken down by", "opdeles efter"},
    {"goal.computed_by", "computed by", "beregnes med"},
    {"goal.options", "with options", "med valgene"},
    {"goal.series", "series", "serier"},
    {"goal.edition", "metadata of", "metadata fra"},
    {"goal.status", "status", "status"},
    {"describe.options", "\nOptions (--option name=value)\n", "\nValg (--option navn=værdi)\n"},
    {"describe.default", " [{1}]", " [{1}]"},
    {"describe.example", "\n  flexmetrics compute {1} DATA\n", "\n  flexmetrics compute {1} DATA --lang da\n"},
    {"describe.table", "{1}.csv\n\n", "{1}.csv\n\n"},
    {"describe.required", ", required", ", påkrævet"},
    {"describe.references", "; refers to {1}", "; henviser til {1}"},
    {"describe.list", "; words: flexmetrics list codes {1}", "; ord: flexmetrics list codes {1}"},
    {"describe.own_list", "; words of your own, or {1}.csv in --codes FOLDER",
     "; egne ord eller {1}.csv i --codes MAPPE"},
    {"describe.table_end", "\nA column that is not required may be empty or missing.\n",
     "\nEn kolonne, der ikke er påkrævet, kan stå tom eller mangle.\n"},
    {"type.f64", "number", "tal"},
    {"type.i64", "whole number", "helt tal"},
    {"type.i32", "whole number", "helt tal"},
    {"type.date", "date", "dato"},
    {"type.bool", "yes or no", "ja eller nej"},
    {"type.code", "text", "tekst"},

    /* ---- settlement ---- */
    {"settlement.done",
     "{1} lines; equal to an earlier one: {2}; weeks that add up to nothing: {3}; leading zeros given back: {4}; left "
     "out: {5}\n",
     "{1} linjer; lig med en tidligere: {2}; uger, der giver nul: {3}; foranstillede nuller givet igen: {4}; udeladt: "
     "{5}\n"},

    /* ---- dream ---- */
    {"dream.no_out", "--out FILE is needed: where the spells are written",
     "--out FIL mangler: hvor perioderne skrives"},
    {"dream.done",
     "{1}: spells: {3}, people: {2}, rows left out: {7}; weeks observed: {4}, from {5} up to and without {6}\n",
     "{1}: perioder: {3}, personer: {2}, rækker udeladt: {7}; uger observeret: {4}, fra {5} til og uden {6}\n"},

    /* ---- compute ---- */
    {"compute.unknown", "there is no indicator \"{1}\"; flexmetrics list has them all{2}",
     "der er ingen indikator \"{1}\"; flexmetrics list har dem alle{2}"},
    {"codes.unknown", "--codes {1}: a code list stands in a file of its name, one of {2}{3}",
     "--codes {1}: en kodeliste står i en fil med dens navn, en af {2}{3}"},
    {"codes.empty", "--codes {1}: the folder has no code list; expected one of {2}",
     "--codes {1}: mappen har ingen kodeliste; forventet en af {2}"},
    {"compute.own_table",
     "note: {1} is read as the table of that name in a register; under another name it is read as a table of your own",
     "bemærk: {1} læses som registerets tabel af det navn; under et andet navn læses den som en tabel for sig"},
    {"protect.off", "note: nothing is hidden; do not publish what tells of fewer than 5 people",
     "bemærk: intet er skjult; offentliggør ikke noget om færre end 5 personer"},
    {"protect.earlier",
     "note: rows hidden besides, because the earlier result would tell a difference of few people: {1}",
     "bemærk: desuden skjulte rækker, fordi det tidligere resultat ville fortælle om en forskel på få personer: {1}"},
    {"protect.not_earlier", "--earlier {1}: expected what compute {2} wrote before with --format csv and the same --by",
     "--earlier {1}: forventet det, compute {2} har skrevet før med --format csv og samme --by"},
    {"protect.hidden",
     "note: rows hidden: {1} (fewer than {2} people, or a figure that would give them away); --unprotected shows all",
     "bemærk: skjulte rækker: {1} (færre end {2} personer, eller et tal, der ville røbe dem); --unprotected viser alt"},
};
const size_t n_words = COUNT(words);
