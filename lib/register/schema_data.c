/* What a register holds. Every table and column stands here once. */
#include "register/schema_priv.h"

#define REQ FM__REQUIRED
#define TEXT(column, how, en, da)                                                                                      \
  {                                                                                                                    \
    column, FM_CODE, how, NULL, NULL, -1, en, da                                                                       \
  }
#define CODE(column, how, list, words, en, da)                                                                         \
  {                                                                                                                    \
    column, FM_CODE, how, list, words, -1, en, da                                                                      \
  }
#define LINK(column, how, table, en, da)                                                                               \
  {                                                                                                                    \
    column, FM_CODE, how, NULL, NULL, table, en, da                                                                    \
  }
#define DATE(column, how, en, da)                                                                                      \
  {                                                                                                                    \
    column, FM_DATE, how, NULL, NULL, -1, en, da                                                                       \
  }
#define REAL(column, how, en, da)                                                                                      \
  {                                                                                                                    \
    column, FM_F64, how, NULL, NULL, -1, en, da                                                                        \
  }
#define WHOLE(column, how, en, da)                                                                                     \
  {                                                                                                                    \
    column, FM_I64, how, NULL, NULL, -1, en, da                                                                        \
  }
#define FLAG(column, how, en, da)                                                                                      \
  {                                                                                                                    \
    column, FM_BOOL, how, NULL, NULL, -1, en, da                                                                       \
  }

#define PERSON LINK("person_id", REQ | FM__SECRET, FM__PERSONS, "The person", "Personen")
#define STAYS DATE("end", FM__HAPPENED, "Last day; blank while it lasts", "Sidste dag; tom, mens det varer")

static const fm__column_def persons[] = {
    TEXT("person_id", REQ | FM__SECRET, "Key of the person; not a civil registration number",
         "Nøgle for personen; ikke et CPR-nummer"),
    CODE("sex", 0, "sex", NULL, "Sex", "Køn"),
    DATE("birth_date", 0, "Day of birth", "Fødselsdag"),
    CODE("target_group", 0, "target_group", NULL, "Target group; group_spells wins",
         "Målgruppe; group_spells går forud"),
    FLAG("disability", 0, "Has a disability", "Har et handicap"),
    CODE("migration_status", 0, "migration_status", NULL, "Native, immigrant, descendant, ...",
         "Dansk oprindelse, indvandrer, efterkommer, ..."),
    TEXT("municipality", 0, "Municipality of residence", "Bopælskommune"),
    CODE("education", 0, "education", NULL, "Highest education", "Højeste uddannelse"),
    DATE("unemployed_since", FM__HAPPENED, "First day of the present unemployment",
         "Første dag i den aktuelle ledighed"),
    TEXT("household_id", FM__SECRET, "Key of the household", "Nøgle for husstanden"),
    REAL("weight", FM__WEIGHT, "Sampling weight", "Opregningsvægt"),
    DATE("observed_from", FM__HAPPENED, "First day on which the person is observed",
         "Første dag, personen er med i data"),
    DATE("observed_to", FM__HAPPENED, "Last day on which the person is observed", "Sidste dag, personen er med i data"),
    CODE("observed_end_reason", 0, "observation_end", NULL, "Why observation ended",
         "Hvorfor personen ikke længere er med"),
    WHOLE("weeks_before", FM__NOT_NEGATIVE, "Weeks on benefits accumulated before the first spell",
          "Uger på ydelse før den første periode"),
};

static const fm__column_def group_spells[] = {
    PERSON,
    CODE("target_group", REQ, "target_group", NULL, "Target group", "Målgruppe"),
    DATE("start", REQ | FM__HAPPENED, "First day in the group", "Første dag i gruppen"),
    STAYS,
};

static const fm__column_def spells[] = {
    PERSON,
    DATE("start", REQ | FM__HAPPENED, "First day", "Første dag"),
    STAYS,
    CODE("state", REQ, "benefit_state", NULL, "Benefit or labour-market state",
         "Ydelse eller tilstand på arbejdsmarkedet"),
    REAL("hours_per_week", FM__WEEK_HOURS, "Hours a week", "Timer om ugen"),
    REAL("weekly_amount", FM__NOT_NEGATIVE, "Benefit a week before tax; 0 where none is paid, blank where not known",
         "Ydelse pr. uge før skat; 0, hvor ingen udbetales, tom, hvor den ikke kendes"),
    REAL("state_share", FM__SHARE, "Part of the benefit that the state pays, 0 to 1",
         "Den del af ydelsen, staten betaler, 0 til 1"),
    DATE("granted", FM__HAPPENED, "Day on which the benefit was granted", "Dag, ydelsen blev bevilget"),
};

static const fm__column_def employers[] = {
    TEXT("employer_id", REQ | FM__SECRET, "Key of the employer", "Nøgle for arbejdsgiveren"),
    CODE("sector", 0, "sector", NULL, "Public, private or unknown", "Offentlig, privat eller ukendt"),
    WHOLE("headcount", FM__NOT_NEGATIVE, "Employees", "Ansatte"),
    CODE("industry", 0, "industry", NULL, "Industry", "Branche"),
    FLAG("social_enterprise", 0, "Is a registered social enterprise", "Er registreret socialøkonomisk virksomhed"),
    TEXT("municipality", 0, "Municipality of the workplace", "Arbejdsstedets kommune"),
    WHOLE("target_group_staff", FM__NOT_NEGATIVE, "Employees from the target groups", "Ansatte fra målgrupperne"),
};

static const fm__column_def placements[] = {
    TEXT("placement_id", REQ | FM__SECRET, "Key of the placement", "Nøgle for ansættelsen eller forløbet"),
    PERSON,
    LINK("employer_id", FM__SECRET, FM__EMPLOYERS, "The employer", "Arbejdsgiveren"),
    CODE("kind", REQ, "placement_kind", NULL, "Kind of job or placement", "Slags job eller forløb"),
    DATE("start", REQ | FM__HAPPENED, "First day", "Første dag"),
    STAYS,
    REAL("hours_per_week", FM__WEEK_HOURS, "Agreed hours a week", "Aftalte timer om ugen"),
    REAL("hourly_wage", FM__NOT_NEGATIVE, "Wage an hour", "Timeløn"),
    LINK("initiative_id", 0, FM__INITIATIVES, "The initiative behind it", "Indsatsen bag"),
    CODE("end_reason", 0, "end_reason", NULL, "Why it ended", "Hvorfor det sluttede"),
    CODE("occupation", 0, "occupation", NULL, "Occupation", "Stilling"),
    CODE("contract_type", 0, "contract_type", NULL, "Type of contract", "Kontrakttype"),
    REAL("hours_wanted", FM__WEEK_HOURS, "Hours a week the person wants", "Timer om ugen, personen ønsker"),
    FLAG("agreement", 0, "Covered by a collective agreement", "Omfattet af overenskomst"),
    FLAG("new_position", 0, "The position did not exist before", "Stillingen fandtes ikke før"),
    REAL("full_time_wage", FM__NOT_NEGATIVE, "Full-time wage of the post a month, with pension",
         "Stillingens løn pr. måned på fuld tid, med pension"),
};

static const fm__column_def supports[] = {
    PERSON,
    CODE("kind", REQ, "support_kind", NULL, "Upskilling, aftercare, mentor, ...",
         "Opkvalificering, efterværn, mentor, ..."),
    DATE("start", REQ | FM__HAPPENED, "First day", "Første dag"),
    STAYS,
    REAL("hours", FM__NOT_NEGATIVE, "Hours in all", "Timer i alt"),
    REAL("cost", FM__NOT_NEGATIVE, "Cost in all", "Udgift i alt"),
    LINK("placement_id", FM__SECRET, FM__PLACEMENTS, "The placement it belongs to", "Forløbet, den hører til"),
};

static const fm__column_def incomes[] = {
    PERSON,
    REAL("period", REQ, "Decimal year, such as 2024 or 2024.25; a month begins at year + (month - 1) / 12",
         "Decimalår, f.eks. 2024 eller 2024.25; en måned begynder ved år + (måned - 1) / 12"),
    REAL("income", REQ, "Income of the period; may be negative", "Periodens indkomst; kan være negativ"),
    REAL("weight", FM__WEIGHT, "Sampling weight", "Opregningsvægt"),
    TEXT("stratum", 0, "Stratum of the sample", "Stikprøvens stratum"),
    TEXT("psu", 0, "Primary sampling unit", "Primær udvalgsenhed"),
    REAL("fpc", FM__NOT_NEGATIVE, "Units in the stratum, for the finite population correction",
         "Enheder i stratum, til endelighedskorrektion"),
    TEXT("household_id", FM__SECRET, "Key of the household", "Nøgle for husstanden"),
    FLAG("imputed", 0, "The income is imputed", "Indkomsten er imputeret"),
    FLAG("top_coded", 0, "The income is cut off at a top code", "Indkomsten er afkortet opadtil"),
};

static const fm__column_def initiatives[] = {
    TEXT("initiative_id", REQ, "Key of the initiative", "Nøgle for indsatsen"),
    TEXT("name", 0, "Name", "Navn"),
    CODE("kind", 0, "initiative_kind", NULL, "Task force, training, ...", "Task force, træning, ..."),
    DATE("start", REQ | FM__HAPPENED, "First day", "Første dag"),
    DATE("end", 0, "Last day; blank while it lasts", "Sidste dag; tom, mens den varer"),
    TEXT("eligibility", FM__RULE, "Who may take part, such as unemployed_days >= 365",
         "Hvem der kan deltage, f.eks. unemployed_days >= 365"),
    TEXT("funder", 0, "Who pays", "Hvem der betaler"),
    REAL("cost", FM__NOT_NEGATIVE, "Cost in all", "Udgift i alt"),
};

static const fm__column_def members[] = {
    LINK("initiative_id", REQ, FM__INITIATIVES, "The initiative", "Indsatsen"),
    LINK("employer_id", REQ | FM__SECRET, FM__EMPLOYERS, "The member firm", "Medlemsvirksomheden"),
    DATE("joined_on", FM__HAPPENED, "First day as a member", "Første dag som medlem"),
    DATE("left_on", FM__HAPPENED, "Last day as a member", "Sidste dag som medlem"),
};

static const fm__column_def participants[] = {
    LINK("initiative_id", REQ, FM__INITIATIVES, "The initiative", "Indsatsen"),
    PERSON,
    DATE("applied_on", FM__HAPPENED, "Day of the application", "Dag for ansøgning"),
    DATE("referred_on", FM__HAPPENED, "Day of the referral", "Dag for henvisning"),
    DATE("invited_on", FM__HAPPENED, "Day of the invitation", "Dag for indkaldelse"),
    DATE("first_contact_on", FM__HAPPENED, "Day of the first contact", "Dag for første kontakt"),
    DATE("joined_on", FM__HAPPENED, "First day in the initiative", "Første dag i indsatsen"),
    DATE("left_on", FM__HAPPENED, "Last day in the initiative", "Sidste dag i indsatsen"),
    CODE("decision", 0, "decision", "accepted:accepteret:bevilget|declined:takket nej:frasagt|rejected:afvist:afslag",
         "Accepted, declined by the person, rejected by the programme",
         "Accepteret, takket nej af personen, afvist af indsatsen"),
};

static const fm__column_def goals[] = {
    TEXT("goal_id", REQ, "Key of the goal", "Nøgle for målet"),
    TEXT("measure", REQ, "What is measured, such as target.track", "Hvad der måles, f.eks. target.track"),
    REAL("goal", REQ | FM__POSITIVE, "The figure to reach", "Tallet, der skal nås"),
    DATE("start", REQ, "First day that counts", "Første dag, der tæller"),
    DATE("deadline", REQ, "Last day that counts", "Sidste dag, der tæller"),
    CODE("counts", 0, "goal_counts", "starts:starter|people:personer|employers:arbejdsgivere:virksomheder",
         "Whether starts, people or employers count", "Om starter, personer eller arbejdsgivere tæller"),
    TEXT("filter", FM__RULE, "Which rows count, such as kind = fleksjob",
         "Hvilke rækker der tæller, f.eks. kind = fleksjob"),
    DATE("changed_on", 0, "Day from which this row replaces the earlier one",
         "Dag, fra hvilken rækken afløser den tidligere"),
};

static const fm__column_def counts[] = {
    LINK("goal_id", REQ, FM__GOALS, "The goal", "Målet"),
    DATE("as_of", REQ | FM__AS_OF, "The count holds at the start of this day",
         "Tællingen gælder ved dagens begyndelse"),
    WHOLE("done", REQ | FM__NOT_NEGATIVE, "Reached since the goal's start", "Nået siden målets start"),
    WHOLE("private", FM__NOT_NEGATIVE, "Of these with private employers", "Heraf hos private arbejdsgivere"),
    WHOLE("employers", FM__NOT_NEGATIVE, "Employers behind them", "Arbejdsgivere bag"),
    WHOLE("ended", FM__NOT_NEGATIVE, "Of these ended again", "Heraf ophørt igen"),
};

static const fm__column_def contracts[] = {
    TEXT("contract_id", REQ, "Key of the contract", "Nøgle for kontrakten"),
    REAL("value", REQ | FM__NOT_NEGATIVE, "Value of the contract", "Kontraktens værdi"),
    DATE("start", REQ, "First day", "Første dag"),
    DATE("end", REQ, "Last day", "Sidste dag"),
    REAL("wage_share", FM__SHARE, "Part of the value that is wages, 0 to 1", "Lønnens del af værdien, 0 til 1"),
    CODE("clause", 0, "clause", NULL, "Kind of clause", "Slags klausul"),
    REAL("agreed", FM__NOT_NEGATIVE, "Hours agreed", "Aftalte timer"),
    REAL("started", FM__NOT_NEGATIVE, "Hours started", "Påbegyndte timer"),
    REAL("delivered", FM__NOT_NEGATIVE, "Hours delivered", "Leverede timer"),
};

static const fm__column_def progress[] = {
    PERSON,
    DATE("date", REQ | FM__HAPPENED, "Day of the answer", "Dag for svaret"),
    CODE("instrument", REQ, "instrument", NULL, "Questionnaire, such as who5 or bip",
         "Spørgeskema, f.eks. who5 eller bip"),
    TEXT("item", REQ, "Item of the questionnaire", "Spørgsmål i skemaet"),
    REAL("score", REQ, "Score of the item", "Point for spørgsmålet"),
};

static const fm__column_def outcomes[] = {
    TEXT("outcome", REQ, "What changes, such as job kept a year", "Det, der ændrer sig, f.eks. job beholdt et år"),
    REAL("quantity", REQ | FM__NOT_NEGATIVE, "How many had it", "Hvor mange, der opnåede det"),
    REAL("value", REQ, "Worth of one a year; below 0 for harm", "Værdi af én om året; under 0 ved skade"),
    REAL("deadweight", FM__SHARE, "Part that would have come anyway, 0 to 1",
         "Den del, der ville være kommet alligevel, 0 til 1"),
    REAL("displacement", FM__SHARE, "Part that took the place of others', 0 to 1",
         "Den del, der fortrængte andres, 0 til 1"),
    REAL("attribution", FM__SHARE, "Part owed to others, 0 to 1", "Den del, der skyldes andre, 0 til 1"),
    REAL("drop_off", FM__SHARE, "Part lost from each year to the next, 0 to 1",
         "Den del, der falder bort fra år til år, 0 til 1"),
    WHOLE("years", FM__POSITIVE, "Years that it lasts; blank: 1", "År, det varer; tom: 1"),
    WHOLE("first_year", FM__POSITIVE, "Year of its first value, from 1; blank: 1",
          "Året for den første værdi, fra 1; tom: 1"),
    TEXT("source", 0, "Where the value is from", "Hvor værdien er fra"),
};

#define COLUMNS(table) table, FM__COUNT(table)

const fm__table_def fm__schema[FM__N_TABLES] = {
    [FM__PERSONS] = {"persons", COLUMNS(persons), "person_id", "observed_from", "observed_to", NULL, 1,
                     "The people: one row each", "Personerne: én række hver"},
    [FM__GROUP_SPELLS] = {"group_spells", COLUMNS(group_spells), NULL, "start", "end", "start", 0,
                          "Target groups of people over time", "Personers målgrupper over tid"},
    [FM__SPELLS] = {"spells", COLUMNS(spells), NULL, "start", "end", "start", 0,
                    "Benefits and labour-market states over time", "Ydelser og tilstande på arbejdsmarkedet over tid"},
    [FM__EMPLOYERS] = {"employers", COLUMNS(employers), "employer_id", NULL, NULL, NULL, 1,
                       "The employers: one row each", "Arbejdsgiverne: én række hver"},
    [FM__PLACEMENTS] = {"placements", COLUMNS(placements), "placement_id", "start", "end", "start", 1,
                        "Jobs and placements", "Job og forløb på virksomheder"},
    [FM__SUPPORTS] = {"supports", COLUMNS(supports), NULL, "start", "end", "start", 0, "Upskilling, aftercare, mentors",
                      "Opkvalificering, efterværn, mentorer"},
    [FM__INCOMES] = {"incomes", COLUMNS(incomes), "person_id,period", NULL, NULL, NULL, 0,
                     "Incomes by person and period", "Indkomster pr. person og periode"},
    [FM__INITIATIVES] = {"initiatives", COLUMNS(initiatives), "initiative_id", "start", "end", NULL, 0,
                         "Initiatives: one row each", "Indsatser: én række hver"},
    [FM__MEMBERS] = {"members", COLUMNS(members), NULL, "joined_on", "left_on", NULL, 0,
                     "Firms that belong to an initiative", "Virksomheder, der er med i en indsats"},
    [FM__PARTICIPANTS] = {"participants", COLUMNS(participants), NULL, "joined_on", "left_on", NULL, 0,
                          "People in an initiative", "Personer i en indsats"},
    [FM__GOALS] = {"goals", COLUMNS(goals), "goal_id,changed_on", "start", "deadline", NULL, 0,
                   "Goals: one row each, and one more for each change",
                   "Mål: én række hver, og én mere for hver ændring"},
    [FM__COUNTS] = {"counts", COLUMNS(counts), "goal_id,as_of", NULL, NULL, NULL, 0,
                    "Dated counts, cumulative since the goal's start",
                    "Daterede tællinger, opgjort siden målets start"},
    [FM__CONTRACTS] = {"contracts", COLUMNS(contracts), "contract_id", "start", "end", NULL, 0,
                       "Contracts with a social clause", "Kontrakter med en social klausul"},
    [FM__PROGRESS] = {"progress", COLUMNS(progress), "person_id,date,instrument,item", NULL, NULL, "date", 0,
                      "Answers to questionnaires", "Svar på spørgeskemaer"},
    [FM__OUTCOMES] = {"outcomes", COLUMNS(outcomes), NULL, NULL, NULL, NULL, 0,
                      "Impact map: outcomes and what one is worth", "Virkningskort: resultater, og hvad ét er værd"},
};
