"""Who is in the made-up programme and when they work: quotas first, then dates that fill them."""

import calendar
import datetime
import random

LAST_DAY = datetime.date(2025, 12, 31)
OBSERVED_FROM = datetime.date(2023, 1, 1)
DAY = datetime.timedelta(days=1)

# People, people who begin a job, and where the starters stand six months after the start (yes, no, not known yet).
GROUPS = [("cash_benefit", 124, 31, 17, 10), ("fleksjob_granted", 118, 66, 12, 18), ("refugee", 92, 34, 17, 10),
          ("disability_pension", 38, 12, 3, 4), ("other_unemployed", 28, 5, 6, 3)]

# When the first job begins: A 2024, B first half of 2025, C third quarter, D fourth quarter.
COHORTS = {"A": ((2024, 1, 8), (2024, 12, 31)), "B": ((2025, 1, 2), (2025, 6, 30)),
           "C": ((2025, 7, 1), (2025, 9, 30)), "D": ((2025, 10, 1), (2025, 12, 12))}

# (cohort, in work at 3, 6 and 12 months as far as known, what happens later, number of people).
COURSES = [
    ("A", "YYY", "", 56), ("A", "YYY", "change", 10), ("A", "YYY", "leave", 15), ("A", "YYN", "", 18),
    ("A", "YYN", "again", 6), ("A", "YNN", "", 14), ("A", "YNN", "again", 5), ("A", "NNN", "", 13),
    ("A", "NNN", "again", 5), ("A", "YNY", "", 3), ("A", "NNY", "", 3), ("A", "NYY", "", 4), ("A", "NYN", "", 1),
    ("B", "YY", "", 33), ("B", "YY", "leave", 4), ("B", "NY", "", 1), ("B", "YN", "", 3), ("B", "YN", "again", 1),
    ("B", "NN", "", 7), ("B", "NN", "again", 1), ("C", "Y", "", 18), ("C", "Y", "leave", 2), ("C", "N", "", 3),
    ("D", "", "", 20), ("D", "", "leave", 2)]
MILESTONES = (3, 6, 12)


class Draw:
    """A seeded source of choices that uses random.random() alone, the one Python promises to keep."""

    def __init__(self, seed):
        self.next = random.Random(seed).random

    def whole(self, low, high):
        return low + int(self.next() * (high - low + 1))

    def chance(self, share):
        return self.next() < share

    def pick(self, items):
        return items[int(self.next() * len(items))]

    def bell(self, mean, spread):
        """Roughly normal: the sum of three uniform numbers has standard deviation 1/2."""
        return mean + 2 * spread * (self.next() + self.next() + self.next() - 1.5)

    def shuffle(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.whole(0, i)
            items[i], items[j] = items[j], items[i]
        return items

    def day(self, first, last):
        """A day from first to last, not a weekend when the range allows one."""
        for _ in range(20):
            day = first + self.whole(0, (last - first).days) * DAY
            if day.weekday() < 5:
                return day
        return day


def add_months(day, months):
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def deal(draw):
    """400 people with group, sex and, for those who begin a job, a course; in random order."""
    courses = {"Y": [], "N": [], "?": []}
    for cohort, pattern, later, n in COURSES:
        courses[pattern[1] if len(pattern) > 1 else "?"] += [(cohort, pattern, later)] * n
    women = {"Y": [True] * 81 + [False] * 67, "N": [True] * 27 + [False] * 28}
    people = []
    courses = {at6: draw.shuffle(some) for at6, some in courses.items()}
    women = {at6: draw.shuffle(some) for at6, some in women.items()}
    for group, total, yes, no, unknown in GROUPS:
        at6 = "Y" * yes + "N" * no + "?" * unknown
        for answer in at6:
            sex = women[answer].pop() if answer in women else draw.chance(0.52)
            people.append({"group": group, "course": courses[answer].pop(), "woman": sex})
        people += [{"group": group, "course": None, "woman": draw.chance(0.52)} for _ in range(total - len(at6))]
    if any(courses.values()):
        raise ValueError("courses and groups do not add up")
    return draw.shuffle(people)


def leave_between(draw, start, low, high):
    """Last day of a job that still runs `low` months after its start and no longer does at `high` months."""
    first = add_months(start, low) if low else start + 13 * DAY
    last = add_months(start, high) - DAY if high else LAST_DAY - DAY
    return first + draw.whole(0, (min(last, LAST_DAY - DAY) - first).days) * DAY


def start_between(draw, start, low, high):
    """A later start, five days clear of both milestones."""
    last = add_months(start, high) - 5 * DAY if high else LAST_DAY - 12 * DAY
    return draw.day(add_months(start, low) + 5 * DAY, last)


def jobs_of(draw, course):
    """(start, last day or None) of a person's one or two jobs."""
    cohort, pattern, later = course
    first, last = (datetime.date(*day) for day in COHORTS[cohort])
    known = MILESTONES[len(pattern) - 1] if pattern else 0
    if later:                                            # room for what happens after the last known milestone
        last = min(last, add_months(LAST_DAY, -known) - 30 * DAY)
    start = draw.day(first, last)
    steps = list(zip((0,) + MILESTONES, MILESTONES, pattern))
    left = next(((low, high) for low, high, at in steps if at == "N"), None)
    if left is None:
        if later == "leave":
            return [(start, leave_between(draw, start, known, 0))]
        if later == "change":
            end = draw.day(add_months(start, 2), LAST_DAY - 30 * DAY)
            return [(start, end), (end + DAY, None)]
        return [(start, None)]
    jobs = [(start, leave_between(draw, start, *left))]
    back = next(((low, high) for low, high, at in steps if low >= left[1] and at == "Y"), None)
    if back:
        second = start_between(draw, start, *back)
        out = next(((low, high) for low, high, at in steps if low >= back[1] and at == "N"), None)
        jobs.append((second, leave_between(draw, start, *out) if out else None))
    elif later == "again":
        jobs.append((start_between(draw, start, known, 0), None))
    return jobs


def enrol(draw, person):
    """Dates around the programme: unemployed since, joined, last observed day of those who left the country or died."""
    person["jobs"] = jobs_of(draw, person["course"]) if person["course"] else []
    if person["jobs"]:
        first = person["jobs"][0][0]
        person["joined"] = max(datetime.date(2024, 1, 2), first - draw.whole(20, 330) * DAY)
        person["joined"] = min(person["joined"], first - DAY)
    else:
        person["joined"] = draw.day(datetime.date(2024, 1, 2), datetime.date(2025, 10, 1))
    wait = {"fleksjob_granted": 700, "disability_pension": 1500}.get(person["group"], 450)
    person["unemployed_since"] = person["joined"] - draw.whole(90, 2 * wait) * DAY
    person["observed_from"], person["observed_to"], person["reason"] = OBSERVED_FROM, None, None
    if person["group"] == "refugee" and draw.chance(0.2):
        person["observed_from"] = max(person["joined"] - draw.whole(30, 120) * DAY, OBSERVED_FROM)
        person["unemployed_since"] = person["observed_from"]


def make_people(draw):
    people = deal(draw)
    for number, person in enumerate(people, 1):
        person["id"] = f"P{number:04d}"
        enrol(draw, person)
    reasons = ["death", "emigration", "emigration", "move", "move", "move", "move"]
    for person in people:
        if reasons and not person["jobs"] and person["joined"] < datetime.date(2024, 11, 1) and draw.chance(0.2):
            person["reason"] = reasons.pop()
            person["observed_to"] = draw.day(datetime.date(2025, 2, 1), datetime.date(2025, 11, 20))
        person["last"] = person["observed_to"] or LAST_DAY
    return people
