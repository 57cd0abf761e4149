"""What the law and its publishers state, where no worked example says it."""

# Weekdays that are closed to claimants, as OPM publishes them for each year.
CLOSED_WEEKDAYS = {
    2020: "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
}

# The first day on which each holiday was kept in its present form (Pub. L. 90-363 in force on
# 1 January 1971, 94-97 for Veterans Day, 98-144 for Dr. King, 117-17 for Juneteenth).
FIRST_KEPT = {
    "new_years_day": "1971-01-01",
    "martin_luther_king": "1986-01-20",
    "washingtons_birthday": "1971-02-15",
    "memorial_day": "1971-05-31",
    "juneteenth": "2021-06-19",
    "independence_day": "1971-07-04",
    "labor_day": "1971-09-06",
    "columbus_day": "1971-10-11",
    "veterans_day": "1978-11-11",
    "thanksgiving_day": "1971-11-25",
    "christmas_day": "1971-12-25",
}

# Rows that state a fact, or a bound that sets no limit by itself.
STATED = {
    ("ERISA.APP.MAX", "number"): 2,  # 29 CFR 2560.503-1(c)(2): no more than two appeals
    ("ACA.IND.ONE", "number"): 1,  # 45 CFR 147.136(b)(3)(ii)(G): one level
    ("MCD.LEVELS", "number"): 1,  # 42 CFR 438.402(b): one level
    ("MCD.SFH.FILE", "number_max"): 120,  # 42 CFR 438.408(f)(2): 90 to 120 days
    ("MA.ALJ.AIC", "applies_from"): "2026-01-01",  # amounts of 2026 and 2027
    ("MA.ALJ.AIC", "applies_to"): "2027-12-31",
}
