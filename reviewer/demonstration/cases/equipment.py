"""Breathing devices, glucose monitors and wheelchairs."""

from policies.models import System
from reviewer.demonstration import written
from reviewer.demonstration.criteria_steps import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNCLEAR,
    AnswerCriteria,
    Found,
)
from reviewer.demonstration.document_steps import FileDocument, OpenPages
from reviewer.demonstration.steps import (
    DAY,
    Appealed,
    AskInformation,
    Assign,
    AssignAppeal,
    Case,
    Claim,
    Close,
    DecideAppeal,
    Line,
    Refer,
    Sign,
    Tell,
    TellAppeal,
    approved,
    denied,
    partly,
)
from reviewer.models import (
    Appeal,
    AppealDecision,
    Channel,
    Document,
    Ground,
    Notice,
    Referral,
    ReviewType,
    Urgency,
)

HCPCS = System.HCPCS
ELECTRONIC = (Notice.Channel.MAIL, Notice.Channel.ELECTRONIC)

Kind = Document.Kind

CASES = (
    Case(
        "lomax",
        "sleep",
        "equipment",
        30 * DAY,
        ("G47.33",),
        (Line("E0601", 1, HCPCS, days=90), Line("E0562", 1, HCPCS, days=90)),
        "Home test with four channels: 31 events an hour. Epworth score 14. A device that adjusts"
        " its own pressure and a heated humidifier are asked for; teaching is booked.",
        (
            Claim("jsantos", 6),
            *(
                Sign(
                    "jsantos",
                    28,
                    approved(
                        "1217",
                        "An index of 31 with more than 30 events, an interview before the test and"
                        " teaching: section I.A is met.",
                        "Your plan pays for the machine and the humidifier. Your sleep test shows"
                        " that you stop breathing many times an hour.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("jsantos", 30, ELECTRONIC),
            Close("jsantos", 3 * DAY),
        ),
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "ambrose",
        "sleep",
        "equipment",
        17 * DAY,
        ("G47.33",),
        (Line("A7030", 4, HCPCS, days=89),),
        "On continuous pressure for two years. Four full face masks are asked for the next three"
        " months; the reason is not stated.",
        (
            Claim("rokafor", 15),
            Refer("rokafor", 35, "Four masks in three months; section II gives one."),
            Sign(
                "nwhitfield",
                60,
                partly(
                    "1217",
                    1,
                    "M03",
                    "Mask (A7030, A7034, A7044): 1 in 3 months",
                    "The record gives no reason for more than the usual quantity of one mask in"
                    " three months.",
                    "Your plan will pay for one mask now. The usual number is one every three"
                    " months. If a mask breaks or does not fit, your doctor can tell us why you"
                    " need more.",
                ),
            ),
            Tell("nwhitfield", 62),
        ),
        complete_after=1.0,
    ),
    Case(
        "pruitt",
        "sleep",
        "equipment",
        100 * DAY,
        ("G47.33",),
        (Line("E0601", 1, HCPCS, days=30),),
        "Has a working device of last year. A smaller one is asked for travel in a motor home.",
        (
            Claim("tbrandt", 12),
            Refer("tbrandt", 20, "A second device for travel is named in section IV."),
            Sign(
                "cbeaumont",
                50,
                denied(
                    "1217",
                    Ground.BENEFIT_EXCLUSION,
                    "B01",
                    "a second device for travel",
                    "The first device works. Section IV excludes a second device for travel.",
                    "You already have a machine that works. Your plan does not pay for a second one"
                    " to take on trips.",
                ),
            ),
            Tell("cbeaumont", 52),
            Appealed(
                "lfisk",
                84 * DAY,
                "I travel for half of the year and cannot carry the big machine.",
                channel=Channel.PHONE,
            ),
            AssignAppeal("lfisk", 85 * DAY, "mlindqvist"),
            DecideAppeal(
                "mlindqvist",
                90 * DAY,
                AppealDecision.Outcome.DISMISSED,
                "The member asks for a lighter device. The day on which the notice was mailed and"
                " the day on which the appeal came in were compared.",
                "The appeal came in after the time to file had run out, and no good cause for the"
                " delay was given when the member was asked.",
                "Your appeal came too late for us to decide it. If something kept you from writing"
                " sooner, tell us what it was, and we will look at it.",
            ),
            TellAppeal("lfisk", 90 * DAY + 4),
        ),
        channel=Channel.MAIL,
    ),
    Case(
        "merrow",
        "mobility",
        "equipment",
        60 * DAY,
        ("M17.0",),
        (Line("K0823", 1, HCPCS, days=90),),
        "Osteoarthritis of both knees. Walks through the house with a walker; wants a power chair"
        " to reach the shops and the church.",
        (
            Claim("tbrandt", 20),
            Refer(
                "tbrandt",
                44,
                "All activities in the home are done with the walker. The need is outside.",
                specialty="Physical medicine and rehabilitation",
            ),
            Sign(
                "mlindqvist",
                4 * DAY,
                denied(
                    "1231",
                    Ground.MEDICAL_NECESSITY,
                    "M01",
                    "A device needed only outside the home",
                    "The examination finds that toileting, dressing and meals are managed with a"
                    " walker. The device would serve only trips outside, which section III.1 does"
                    " not cover.",
                    "You can get around your home with your walker. Your plan pays for a power"
                    " chair only when you need it inside your home.",
                ),
            ),
            Tell("mlindqvist", 4 * DAY + 3),
            Appealed("lfisk", 18 * DAY, "The walk to the bus stop takes me half an hour."),
            AssignAppeal("lfisk", 19 * DAY, "sadeyemi"),
            DecideAppeal(
                "sadeyemi",
                30 * DAY,
                AppealDecision.Outcome.UPHELD,
                "The member writes of the way to the bus stop. The examination, the therapist's"
                " note and the letter were read.",
                "The letter speaks of the street only. The examination of the same month shows"
                " every daily activity in the home done with the walker.",
                "We read your letter and your records again. You can do what you need to do inside"
                " your home. The first decision stays.",
            ),
            TellAppeal("lfisk", 30 * DAY + 5),
            Close("tbrandt", 31 * DAY),
        ),
    ),
    Case(
        "sayre",
        "mobility",
        "equipment",
        6 * DAY,
        ("I69.359",),
        (Line("K0861", 1, HCPCS, days=90), Line("E1007", 1, HCPCS, days=90)),
        "Left hemiplegia after a stroke. A group 3 chair with tilt and recline is asked for. The"
        " face-to-face examination is attached; the evaluation of seating is not.",
        (
            Claim("tbrandt", 16),
            AskInformation(
                "tbrandt",
                22,
                (
                    "The written evaluation of seating by a therapist or physiatrist",
                    "The supplier's look at the home",
                ),
            ),
        ),
    ),
    Case(
        "wilder",
        "endocrine",
        "equipment",
        21,
        ("O24.414",),
        (Line("E2103", 1, HCPCS, days=180), Line("A4239", 6, HCPCS, days=180)),
        "Gestational diabetes on insulin four times a day, 24 weeks. Two readings below 54 in a"
        " week. A personal monitor is asked for now.",
        (
            Claim("tbrandt", 2),
            *(
                Sign(
                    "tbrandt",
                    4,
                    approved(
                        "1224",
                        "Insulin in pregnancy: section I.B is met, for six weeks after it too.",
                        "Your plan pays for the glucose monitor while you are pregnant and for six"
                        " weeks after.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
        ),
        urgency=Urgency.EXPEDITED,
        attested_by="Dr. A. Feld, Cedar Endocrine Clinic",
        channel=Channel.PHONE,
    ),
    Case(
        "kimball",
        "lakeside",
        "equipment",
        4 * DAY,
        ("R73.09", "E66.3"),
        (Line("E2103", 1, HCPCS, days=365), Line("A4239", 12, HCPCS, days=365)),
        "Prediabetes, A1c 5.9. The member runs and wants to see the effect of meals.",
        (
            Claim("jsantos", 18),
            Refer("jsantos", 42, "No diabetes. Section V names monitors for sport and wellness."),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "umber",
        "pediatrics",
        "equipment",
        9 * DAY,
        ("E10.65", "Z79.4"),
        (Line("E2103", 1, HCPCS, days=365), Line("A4239", 12, HCPCS, days=365)),
        "Type 1 diabetes since age 6, insulin by pump. The old monitor is out of production. The"
        " mother has been trained on the new one.",
        (Assign("gmoreno", 30, "tbrandt"),),
        entered_by="dkowal",
        entered_after=26,
    ),
    Case(
        "teller",
        "mobility",
        "equipment",
        13 * DAY,
        ("G35.D",),
        (Line("K0856", 1, HCPCS, days=90), Line("E2298", 1, HCPCS, days=90)),
        "Multiple sclerosis, cannot walk or push a chair. Group 3 chair with power seat elevation;"
        " heights of the bed and the bath chair are measured.",
        (
            Claim("tbrandt", 9),
            *(
                Sign(
                    "tbrandt",
                    80,
                    approved(
                        "1231",
                        "A neurological condition, seating evaluated without ties to the supplier,"
                        " home measured: sections I.A, I.D, I.E and II are met.",
                        "Your plan pays for the power chair and the lift in its seat. Your records"
                        " show that you need both at home.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("tbrandt", 84),
            Close("tbrandt", 5 * DAY),
        ),
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "yarrow",
        "endocrine",
        "equipment",
        8,
        ("E10.65",),
        (Line("A9276", 90, HCPCS, days=90),),
        "Type 1 diabetes. A disposable system without a receiver is asked for, read by telephone.",
    ),
    Case(
        "oakes",
        "mobility",
        "equipment",
        5 * DAY,
        ("I69.351",),
        (Line("K0800", 1, HCPCS, days=90),),
        "Weakness of the right side after a stroke. A scooter is asked for; it is not stated"
        " whether the member can sit without support or steer with a tiller.",
        (
            FileDocument(
                "ipardo", 2, "Face-to-face examination", Kind.EVALUATION, written.SCOOTER_EXAM, 20
            ),
            FileDocument("ipardo", 2, "Written order", Kind.ORDER, written.SCOOTER_ORDER, 12),
            Claim("rokafor", 40),
            OpenPages("rokafor", 41, "Face-to-face examination", (1, 2)),
            OpenPages("rokafor", 41.2, "Written order"),
            AnswerCriteria(
                "rokafor",
                42,
                "1231",
                {
                    "I.A.1.b": Found(
                        MET, "Two falls at home.", "Face-to-face examination", 1, "fell twice"
                    ),
                    "I.A.2": Found(MET, "", "Face-to-face examination", 1, "with a cane, 20 feet"),
                    "I.A.3": Found(
                        MET, "The right arm does not push.", "Face-to-face examination", 1
                    ),
                    "I.A.4": MET,
                    "I.A.5": Found(UNCLEAR, "Nobody says that the home was looked at."),
                    "I.A.6": MET,
                    "I.B.1": Found(
                        UNCLEAR,
                        "Silent on the tiller and on sitting without support.",
                        "Face-to-face examination",
                        2,
                    ),
                    "I.B.2": Found(MET, "", "Face-to-face examination", 2, "sight corrected"),
                    "I.C": NOT_APPLICABLE,
                    "I.D": NOT_APPLICABLE,
                    "I.E": NOT_APPLICABLE,
                    "III.A": NOT_MET,
                    "III.B": NOT_MET,
                    "III.C": NOT_MET,
                    "III.D": NOT_MET,
                    "III.E": NOT_MET,
                    "IV.A": MET,
                    "IV.B": Found(MET, "", "Written order", 1),
                },
            ),
            Refer(
                "rokafor",
                60,
                "The examination is silent on sitting balance and on the tiller. I would approve a"
                " trial at home.",
                Referral.Recommendation.UNSURE,
                "Physical medicine and rehabilitation",
            ),
            Claim("mlindqvist", 4 * DAY),
        ),
        channel=Channel.MAIL,
    ),
    Case(
        "rook",
        "endocrine",
        "equipment",
        38 * DAY,
        ("E11.65", "Z79.4"),
        (Line("A4239", 12, HCPCS, days=365),),
        "Type 2 diabetes on insulin. Supplies for a further year; a sensor was worn on half of the"
        " days.",
        (
            Claim("rokafor", 11),
            Refer("rokafor", 33, "Wear on 51 percent of days without a reason."),
            Sign(
                "cbeaumont",
                58,
                denied(
                    "1224",
                    Ground.MEDICAL_NECESSITY,
                    "M01",
                    "The record of the device shows a sensor in use on at least 60 percent of days",
                    "A sensor was in use on 51 percent of days and the record does not explain it."
                    " Section II.2 is not met.",
                    "You wore the sensor on about half of the days. Your plan asks for 60 days out"
                    " of 100, or for a reason why not. Tell your doctor what made it hard.",
                ),
            ),
            Tell("cbeaumont", 60),
            Appealed(
                "lfisk",
                12 * DAY,
                "The sensors fell off at work until I got a different tape.",
                Appeal.Initiator.PROVIDER,
                "Cedar Endocrine Clinic",
                channel=Channel.FAX,
            ),
            AssignAppeal("lfisk", 13 * DAY, "praman"),
            DecideAppeal(
                "praman",
                20 * DAY,
                AppealDecision.Outcome.PARTLY_OVERTURNED,
                "The clinic explains the gaps by sensors that came off and sends the record since"
                " the change of tape.",
                "The gaps are explained, which section II.2 allows. Wear since the change is 88"
                " percent over six weeks. Six months are granted; the record is then read again.",
                "Your clinic told us why the sensor came off. Your plan pays for six months now. If"
                " you keep wearing the sensor, you can have more.",
                AppealDecision.RootCause.NEW_INFORMATION,
                partly(
                    "1224",
                    6,
                    "M03",
                    "The record of the device shows a sensor in use on at least 60 percent of days",
                    "The gaps are explained; six months allow wear to be seen again.",
                    "Your plan pays for six months of supplies.",
                ),
            ),
        ),
        ReviewType.CONCURRENT,
    ),
)
