"""Limits that move: extended, stopped by law, made urgent, refused, told by telephone, missed."""

from reviewer.clocks import EventType
from reviewer.demonstration.clock_steps import (
    AttestUrgency,
    Extend,
    GiveUpExtension,
    MoreTime,
    RecordEvent,
    RefuseExpedite,
    SendRefusal,
    TellByPhone,
    TellMissing,
)
from reviewer.demonstration.steps import (
    DAY,
    Case,
    Claim,
    InformationComes,
    Line,
    Sign,
    Tell,
    Verdict,
)
from reviewer.models import Channel, Outcome, ReviewType, Urgency

NO_BULLETIN = "No bulletin names the code; the plan of care was read against the plan's document."

CASES = (
    Case(
        "kimball",
        "lakeside",
        "bridge",
        9 * DAY,
        ("M54.50",),
        (Line("97110", 24),),
        "Low back pain for five weeks. Twenty-four visits are asked for; the plan of care names"
        " neither goals nor measures.",
        (
            Claim("rokafor", 6),
            Extend(
                "rokafor",
                5 * DAY,
                "claimant_information_missing",
                "The plan of care does not say what the visits are to reach, and the policy asks"
                " for goals that can be measured.",
                "The therapist's plan of care with goals and the first measures (strength, range of"
                " motion, a score of function).",
            ),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "ivers",
        "ortho",
        "bridge",
        24 * DAY,
        ("S39.012A",),
        (Line("97110", 12),),
        "Strain of the lower back after a fall. The examination was missing at first.",
        (
            Claim("jsantos", 20),
            Extend(
                "jsantos",
                10 * DAY,
                "claimant_information_missing",
                "The request came without the examination that it rests on.",
                "The notes of the examination by Harbor Orthopedics.",
                channel="electronic",
            ),
            InformationComes("jsantos", 19 * DAY, "The notes of the examination, four pages."),
        ),
    ),
    Case(
        "pruitt",
        "hospital",
        "homecare",
        24 * DAY,
        ("I50.9",),
        (Line("99600", 6),),
        "Heart failure. Six nursing visits at home after a stay in a hospital outside the network,"
        " whose records are needed.",
        (
            Claim("rokafor", 5),
            Extend(
                "rokafor",
                49,
                "noncontract_provider_evidence",
                "The hospital that treated the member is outside our network. Its records may show"
                " that the visits are needed, so waiting is in the member's interest.",
                "",
            ),
            Sign(
                "rokafor",
                11 * DAY,
                Verdict(
                    Outcome.APPROVED,
                    "A01",
                    "The records of the stay came on the tenth day. They show three changes of the"
                    " diuretic and a need for skilled observation.",
                    "Your plan pays for the nurse visits. The hospital's records show that you need"
                    " them.",
                    no_bulletin=NO_BULLETIN,
                ),
            ),
            TellByPhone(
                "rokafor",
                11 * DAY + 1,
                "Told Mr. Pruitt himself that all six visits are approved, and the number.",
            ),
            Tell("rokafor", 11 * DAY + 4),
        ),
        urgency=Urgency.EXPEDITED,
        attested_by="Mr. L. Pruitt",
        channel=Channel.PHONE,
        around_a_clock_change=6 * DAY,
    ),
    Case(
        "umber",
        "pediatrics",
        "equipment",
        5 * DAY,
        ("G80.1",),
        (Line("97110", 20),),
        "Cerebral palsy. More visits are asked for before school begins again.",
        (
            Claim("rokafor", 8),
            Extend(
                "rokafor",
                4 * DAY,
                "plan_needs_information",
                "The school's therapist has the last measures. With them the visits can be approved"
                " in full, so waiting is in the member's interest.",
                "",
                promised_in=9,
            ),
        ),
        rating_period_month=7,
    ),
    Case(
        "nash",
        "lakeside",
        "bridge",
        3 * DAY,
        ("M17.11",),
        (Line("97110", 10),),
        "Arthritis of the knee. The member asked for time to see another physician, and then did"
        " not need it.",
        (
            Claim("rokafor", 7),
            MoreTime("ipardo", 30, "enrollee", "Ms. Nash, by telephone: she sees her own doctor."),
            GiveUpExtension("rokafor", 52, "Ms. Nash called again: no more time is needed."),
        ),
    ),
    Case(
        "farrow",
        "ortho",
        "bridge",
        30,
        ("S83.511A",),
        (Line("97110", 16),),
        "Torn ligament of the knee, operated on last week. The surgeon wants therapy to begin now.",
        (
            Claim("rokafor", 4),
            AttestUrgency("ipardo", 26, "Dr. P. Lund, Harbor Orthopedics"),
        ),
    ),
    Case(
        "oakes",
        "lakeside",
        "bridge",
        40,
        ("M54.2",),
        (Line("97110", 8),),
        "Neck pain for three months. The member asks for a fast decision before a journey.",
        (
            Claim("mlindqvist", 3),
            RefuseExpedite(
                "mlindqvist",
                20,
                "The pain has been the same for three months, and no examination speaks of a"
                " danger. A week's wait does no harm.",
                "Told Ms. Oakes at home; she may complain, and her doctor may call.",
            ),
            SendRefusal("mlindqvist", 22),
        ),
        urgency=Urgency.EXPEDITED,
        attested_by="Ms. H. Oakes",
        channel=Channel.PHONE,
    ),
    Case(
        "castellan",
        "surgery",
        "surgery",
        14,
        ("K40.90",),
        (Line("49505", 1),),
        "Inguinal hernia with pain since yesterday. The report of the examination is missing.",
        (
            Claim("rokafor", 2),
            TellMissing(
                "rokafor",
                5,
                "The report of yesterday's examination, and whether the hernia can be reduced.",
            ),
        ),
        urgency=Urgency.EXPEDITED,
        attested_by="Dr. S. Marsh, Saint Brannoc Hospital",
        channel=Channel.PHONE,
    ),
    Case(
        "vance",
        "pediatrics",
        "homecare",
        6 * DAY,
        ("G71.0",),
        (Line("99600", 30),),
        "Muscular dystrophy. The agency plans to give fewer visits from next month on.",
        (
            Claim("rokafor", 5),
            RecordEvent("rokafor", 40, EventType.EFFECTIVE_DATE, in_days=25),
        ),
        review_type=ReviewType.CONCURRENT,
        rating_period_month=7,
    ),
)
