"""Infused medicines, care at home, hyperbaric oxygen and behavior analysis."""

from policies.models import System
from reviewer.demonstration.steps import (
    DAY,
    Appealed,
    AskInformation,
    AssignAppeal,
    Case,
    Claim,
    Close,
    DecideAppeal,
    Line,
    Refer,
    Reopen,
    Sign,
    Tell,
    TellAppeal,
    Verdict,
    Withdraw,
    approved,
    denied,
    partly,
)
from reviewer.models import (
    Appeal,
    AppealDecision,
    Channel,
    Ground,
    Outcome,
    Referral,
    ReviewType,
    Urgency,
)

HCPCS = System.HCPCS

CASES = (
    Case(
        "hartigan",
        "digestive",
        "infusion",
        11 * DAY,
        ("K50.919",),
        (Line("Q5103", 240, HCPCS, days=364), Line("96413", 8, days=364)),
        "Crohn's disease of the colon with a fistula and deep ulcers at endoscopy, age 24 at"
        " diagnosis. Tests for tuberculosis and hepatitis B of last month are negative. Weight 80"
        " kg; 5 mg/kg is planned.",
        (
            Claim("eweston", 5),
            *(
                Sign(
                    "eweston",
                    23,
                    approved(
                        "1240",
                        "Preferred product. Fistula, deep ulcers and age at diagnosis meet section"
                        " II.B.3; the safety criteria are met; the dose is within the label.",
                        "Your plan pays for this medicine for one year. Your records show serious"
                        " Crohn's disease, and your safety tests are fine.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("eweston", 24),
        ),
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "galway",
        "rheumatology",
        "infusion",
        27 * DAY,
        ("M05.79",),
        (Line("J1745", 180, HCPCS, days=364),),
        "Rheumatoid arthritis, active on methotrexate 20 mg for five months. The original product"
        " is asked for because the member has read that it works better.",
        (
            Claim("eweston", 8),
            Refer(
                "eweston",
                30,
                "Infliximab is indicated; a preferred product was not tried.",
                specialty="Rheumatology",
            ),
            Sign(
                "nwhitfield",
                58,
                Verdict(
                    Outcome.MODIFIED,
                    "M01",
                    "Section II.D is met for infliximab. No reaction to the preferred products is"
                    " recorded, so the original product is not; the same number of units of"
                    " infliximab-dyyb or infliximab-axxq is certified.",
                    "Your plan pays for infliximab, but for one of its two preferred brands. They"
                    " work the same way as the one you asked for.",
                    Ground.MEDICAL_NECESSITY,
                    "1240",
                    ("A claim that the original product works better is not by itself a reason",),
                    180,
                ),
            ),
            Tell("nwhitfield", 60),
            Close("eweston", 6 * DAY),
        ),
    ),
    Case(
        "zeller",
        "spine",
        "infusion",
        14 * DAY,
        ("M54.30",),
        (Line("J1745", 60, HCPCS, days=60),),
        "Sciatica for eight months. Two infusions of infliximab are asked for.",
        (
            Claim("eweston", 9),
            Refer("eweston", 15, "Sciatica is named among the unproven uses."),
            Sign(
                "cbeaumont",
                38,
                denied(
                    "1240",
                    Ground.EXPERIMENTAL,
                    "E01",
                    "Sciatica, by any route",
                    "Benefit of infliximab in sciatica has not been established, and the bulletin"
                    " names it among the unproven uses.",
                    "Your plan does not pay for this medicine for leg pain from the back. Studies"
                    " have not shown that it helps.",
                ),
            ),
            Tell("cbeaumont", 40),
            Appealed(
                "lfisk",
                12 * DAY,
                "The clinic sends a case series and asks for a second look.",
                Appeal.Initiator.PROVIDER,
                "Ridgeline Pain and Spine",
                channel=Channel.FAX,
            ),
        ),
    ),
    Case(
        "yarrow",
        "digestive",
        "infusion",
        5 * DAY,
        ("K51.00",),
        (Line("Q5121", 200, HCPCS, days=364),),
        "Ulcerative colitis of the whole colon, active on mesalamine and a steroid. No test for"
        " tuberculosis is attached.",
        (
            Claim("eweston", 20),
            AskInformation(
                "eweston",
                23,
                ("The test for latent tuberculosis of the last 12 months", "Hepatitis B"),
            ),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "nash",
        "hospital",
        "homecare",
        10 * DAY,
        ("L89.304",),
        (Line("G0299", 96, HCPCS, starts=0), Line("G0156", 48, HCPCS, starts=0)),
        "Pressure ulcer of the buttock, stage 4, with negative pressure. Leaves home only by"
        " stretcher. Daughter helps in the evening. Seen by the physician last week.",
        (
            Claim("tbrandt", 5),
            *(
                Sign(
                    "tbrandt",
                    20,
                    approved(
                        "1284",
                        "Homebound, seen within 90 days, and a wound that needs a nurse: section"
                        " I.A is met, and I.B while it lasts.",
                        "Your plan pays for a nurse and an aide at home. Your wound needs skilled"
                        " care, and you cannot easily leave home.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("tbrandt", 22),
        ),
    ),
    Case(
        "rook",
        "lakeside",
        "homecare",
        19 * DAY,
        ("Z74.2",),
        (Line("S5130", 80, HCPCS),),
        "Lives alone with arthritis. Help with laundry, meals and shopping is asked for.",
        (
            Claim("rokafor", 12),
            Refer("rokafor", 36, "No skilled need. Custodial care in section II.1."),
            Sign(
                "cbeaumont",
                3 * DAY,
                denied(
                    "1284",
                    Ground.BENEFIT_EXCLUSION,
                    "B01",
                    "Custodial care, which a person without medical training could give safely",
                    "Housework and shopping need no medical training; no skilled service is"
                    " ordered. Section II.1 excludes custodial care.",
                    "Your plan does not pay for help with housework under this benefit. Your care"
                    " manager can tell you about other programs that may.",
                ),
            ),
            Tell("cbeaumont", 3 * DAY + 2),
        ),
    ),
    Case(
        "vance",
        "pediatrics",
        "homecare",
        40 * DAY,
        ("Z93.0", "Z99.11"),
        (Line("T1000", 4_480, HCPCS, starts=1, days=59, diagnoses=(1, 2)),),
        "Tracheostomy with suction at night that nobody can foresee, ventilator for part of the"
        " day. Both parents have been taught; one works at night. Nursing for 18.7 hours a day is"
        " asked for.",
        (
            Claim("tbrandt", 4),
            Refer(
                "tbrandt",
                18,
                "Dependence is plain; the number of hours is not explained.",
                Referral.Recommendation.UNSURE,
                "Pediatrics",
            ),
            Sign(
                "praman",
                44,
                partly(
                    "1284",
                    2_880,
                    "M03",
                    "Hours are reviewed every 60 days, and fall as caregivers learn",
                    "Section I.C.1 and I.C.2 are met. Both parents have been taught; 12 hours a day"
                    " cover the nights and the hours on the ventilator.",
                    "Your plan will pay for a nurse for 12 hours each day. That covers the night"
                    " and the time on the breathing machine. You were taught to help in between.",
                ),
            ),
            Tell("praman", 46),
            Appealed(
                "lfisk",
                20 * DAY,
                "His mother has broken her wrist and cannot suction for six weeks.",
                Appeal.Initiator.REPRESENTATIVE,
                "Erin Vance",
                Urgency.EXPEDITED,
                Channel.PHONE,
            ),
            AssignAppeal("lfisk", 20 * DAY + 1, "sadeyemi"),
            DecideAppeal(
                "sadeyemi",
                21 * DAY,
                AppealDecision.Outcome.OVERTURNED,
                "The mother's injury is new. The note of the emergency department was read.",
                "One of two taught caregivers is out for six weeks. The hours asked for are"
                " medically necessary for that time.",
                "We are sorry about the broken wrist. Your plan pays for all of the nursing hours"
                " you asked for.",
                AppealDecision.RootCause.NEW_INFORMATION,
                approved(
                    "1284",
                    "One taught caregiver is out; the hours asked for are granted for 60 days.",
                    "Your plan pays for all of the nursing hours for 60 days.",
                    reason="A03",
                ),
            ),
            TellAppeal(
                "lfisk",
                21 * DAY + 3,
                "Erin Vance was told that all of the nursing hours are paid for, from when to when,"
                " and that a letter follows.",
            ),
        ),
        ReviewType.CONCURRENT,
    ),
    Case(
        "pruitt",
        "wounds",
        "wounds",
        70,
        ("E11.621",),
        (Line("99183", 30, starts=1, days=45), Line("G0277", 120, HCPCS, starts=1, days=45)),
        "Ulcer of the left foot with bone exposed, Wagner 3. Thirty days of off-loading,"
        " debridement and antibiotics without change in size. The artery was opened last month.",
        (Claim("tbrandt", 30),),
        urgency=Urgency.EXPEDITED,
        attested_by="Dr. H. Brandeis, Saint Brannoc Wound Center",
        channel=Channel.FAX,
    ),
    Case(
        "dunmore",
        "pediatrics",
        "wounds",
        55 * DAY,
        ("F84.0",),
        (Line("99183", 40),),
        "Autism. The family asks for forty sessions of hyperbaric oxygen after a talk at a school.",
        (
            Claim("jsantos", 9),
            Refer("jsantos", 14, "Autism is named in section II.1.", specialty="Pediatrics"),
            Sign(
                "praman",
                62,
                denied(
                    "1291",
                    Ground.EXPERIMENTAL,
                    "E01",
                    "Autism spectrum disorder",
                    "Section II.1 names autism among the uses whose benefit is not established, and"
                    " the request offers no other indication.",
                    "Your plan does not pay for oxygen chamber sessions for autism. Studies have"
                    " not shown that they help, and they can hurt the ears and lungs.",
                ),
            ),
            Tell("praman", 64),
            Appealed(
                "lfisk",
                25 * DAY,
                "Other families saw a change. Please let us try ten sessions.",
                Appeal.Initiator.REPRESENTATIVE,
                "Karen Dunmore",
            ),
            AssignAppeal("lfisk", 26 * DAY, "sadeyemi"),
            DecideAppeal(
                "sadeyemi",
                38 * DAY,
                AppealDecision.Outcome.UPHELD,
                "The family asks for a trial of ten sessions. The bulletin, its references and the"
                " letter were read.",
                "A shorter course has no better support than a long one. No listed indication is"
                " present.",
                "We know that you want to try everything that might help. The studies do not show"
                " that oxygen sessions help children with autism. The first decision stays.",
            ),
            TellAppeal("lfisk", 39 * DAY),
            Close("jsantos", 40 * DAY),
        ),
        channel=Channel.MAIL,
    ),
    Case(
        "teller",
        "wounds",
        "wounds",
        24 * DAY,
        ("N30.40",),
        (Line("99183", 40, days=80),),
        "Bleeding from the bladder two years after radiation. Forty sessions are asked for.",
        (
            Claim("tbrandt", 6),
            Sign(
                "tbrandt",
                40,
                approved(
                    "1291",
                    "Irradiation cystitis is late damage by radiation, section I.A.9; the Appendix"
                    " gives 30 to 60 sessions.",
                    "Your plan pays for 40 oxygen sessions. Radiation has hurt your bladder, and"
                    " this treatment is known to help.",
                ),
            ),
            Tell("tbrandt", 42),
            Close("tbrandt", 4 * DAY),
        ),
    ),
    Case(
        "ivers",
        "hospital",
        "wounds",
        29 * DAY,
        ("T58.01XA",),
        (Line("99183", 3, starts=-6, days=3),),
        "Carbon monoxide in a closed garage, found unconscious; three sessions were given before"
        " the plan could be asked.",
        (
            Claim("rokafor", 30),
            Sign(
                "rokafor",
                6 * DAY,
                approved(
                    "1291",
                    "Loss of consciousness with carbon monoxide: section I.A.3 is met; three"
                    " sessions are within the Appendix.",
                    "Your plan pays for the oxygen treatment that you had. It was needed at once.",
                ),
            ),
            Tell("rokafor", 6 * DAY + 4),
            Close("rokafor", 8 * DAY),
        ),
        ReviewType.RETROSPECTIVE,
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "dunmore",
        "pediatrics",
        "behavior",
        7 * DAY,
        ("F84.0",),
        (Line("97153", 2_080, days=180), Line("97155", 208, days=180), Line("97156", 48, days=180)),
        "Autism with a published instrument and its scores. Runs into the street; two words at a"
        " time. Twenty hours a week by a technician are planned, two of direction, and parents'"
        " goals. A further six months.",
        (Claim("jsantos", 28),),
        ReviewType.CONCURRENT,
    ),
    Case(
        "vance",
        "pediatrics",
        "behavior",
        26 * DAY,
        ("F84.0",),
        (Line("97153", 4_160, days=180),),
        "Autism. Forty hours a week are asked for; three of seven goals remain.",
        (
            Claim("tbrandt", 10),
            Refer(
                "tbrandt",
                30,
                "The hours do not agree with the goals that remain.",
                specialty="Pediatrics",
            ),
            Sign(
                "praman",
                74,
                partly(
                    "1262",
                    2_080,
                    "M03",
                    "The hours asked for agree with the goals that remain",
                    "Three goals remain, all in speech and dressing. The plan gives no reason for"
                    " 40 hours; 20 are what the analyst's own table adds up to.",
                    "Your plan will pay for 20 hours each week. Your child has met most of the"
                    " goals, and the plan shows no reason for 40 hours.",
                ),
            ),
            Tell("praman", 76),
            Appealed(
                "lfisk",
                24 * DAY,
                "The analyst says that fewer hours will undo what was gained.",
                Appeal.Initiator.REPRESENTATIVE,
                "Erin Vance",
            ),
            AssignAppeal("lfisk", 25 * DAY, "cbeaumont"),
        ),
        ReviewType.CONCURRENT,
        channel=Channel.PORTAL,
    ),
    Case(
        "umber",
        "pediatrics",
        "behavior",
        21 * DAY,
        ("F84.0",),
        (Line("97153", 480, days=120),),
        "Autism. An aide for the school day is asked for under the medical benefit.",
        (
            Claim("tbrandt", 14),
            Refer("tbrandt", 22, "The school's program names the same aide."),
            Sign(
                "praman",
                60,
                denied(
                    "1262",
                    Ground.BENEFIT_EXCLUSION,
                    "B01",
                    "Services that the school must supply under an individualized education",
                    "The individualized education program names this aide for these hours. Section"
                    " IV.1 excludes services that the school must supply.",
                    "The school has to give your child this helper. Your health plan does not pay"
                    " for what the school must give.",
                ),
            ),
            Tell("praman", 62),
            Reopen(
                "gmoreno",
                18 * DAY,
                "The school has written that it has ended the program.",
            ),
        ),
    ),
    Case(
        "wilder",
        "lakeside",
        "homecare",
        8 * DAY,
        ("O21.9",),
        (Line("S9373", 14, HCPCS, days=14),),
        "Vomiting in pregnancy. Fluids at home, a liter a day for two weeks.",
        (
            Claim("tbrandt", 10),
            Withdraw("tbrandt", 20, "The member was admitted; the clinic withdrew by telephone."),
        ),
        channel=Channel.PHONE,
    ),
)
