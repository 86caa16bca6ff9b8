"""Prints iso_week_years.csv from Python's datetime."""
from datetime import date, timedelta

print("iso_year,weeks,first_monday,last_sunday")
for year in range(1991, 2041):
    weeks = date(year, 12, 28).isocalendar()[1]
    first = date.fromisocalendar(year, 1, 1)
    print(year, weeks, first, first + timedelta(7 * weeks - 1), sep=",")
