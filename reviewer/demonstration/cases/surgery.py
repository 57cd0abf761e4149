"""Operations: for obesity, on eyelids, and for pain of the back and joints."""

from reviewer.demonstration import written
from reviewer.demonstration.criteria_steps import NOT_MET, UNCLEAR, AnswerCriteria, Found
from reviewer.demonstration.document_steps import FileDocument, OpenPages
from reviewer.demonstration.steps import (
    DAY,
    Appealed,
    AskInformation,
    AssignAppeal,
    Case,
    Claim,
    Close,
    DecideAppeal,
    InformationComes,
    Line,
    Refer,
    Reopen,
    Sign,
    Tell,
    TellAppeal,
    approved,
    denied,
)
from reviewer.models import AppealDecision, Channel, Document, Ground, Urgency

Kind = Document.Kind

CASES = (
    Case(
        "ivers",
        "surgery",
        "surgery",
        13 * DAY,
        ("E66.813", "Z68.41", "G47.33"),
        (Line("43775", 1, starts=30, days=60, diagnoses=(1, 2)),),
        "Body mass index 42, sleep apnea on treatment. Six months of a nutrition program. The"
        " mental health evaluation was missing at first.",
        (
            Claim("jsantos", 8),
            AskInformation("jsantos", 12, ("The mental health evaluation", "The nicotine history")),
            InformationComes("jsantos", 5 * DAY, "Evaluation and a negative cotinine test.", True),
            Sign(
                "jsantos",
                12 * DAY,
                approved(
                    "1270",
                    "Body mass index 42, six monthly visits, evaluation without untreated disorder,"
                    " no nicotine, operation chosen with lifelong follow-up: section I.A is met.",
                    "Your plan pays for the stomach operation. You have done the program, and your"
                    " tests are fine.",
                ),
            ),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "lomax",
        "surgery",
        "surgery",
        50 * DAY,
        ("E66.812", "E11.9"),
        (Line("43644", 1, starts=30, days=60, diagnoses=(1, 2)),),
        "Body mass index 37 with type 2 diabetes. The chart says that the member smokes on"
        " weekends.",
        (
            Claim("jsantos", 10),
            Refer("jsantos", 30, "Nicotine within six weeks.", specialty="General surgery"),
            Sign(
                "nwhitfield",
                80,
                denied(
                    "1270",
                    Ground.MEDICAL_NECESSITY,
                    "M01",
                    "Nicotine has not been used for 6 weeks",
                    "The note of two weeks ago records smoking on weekends. Section I.A.4 is not"
                    " met; the other criteria are.",
                    "You need to be free of nicotine for six weeks before this operation. Your"
                    " chart says you smoke on weekends. When you have stopped for six weeks, your"
                    " surgeon can ask again.",
                ),
            ),
            Tell("nwhitfield", 82),
            Appealed(
                "lfisk",
                28 * DAY,
                "I stopped last winter. The note was copied from an old one. A blood test is"
                " enclosed.",
            ),
            AssignAppeal("lfisk", 29 * DAY, "sadeyemi"),
            DecideAppeal(
                "sadeyemi",
                36 * DAY,
                AppealDecision.Outcome.OVERTURNED,
                "The member says that an old line was copied. The note, the one it was copied from"
                " and the blood test were compared.",
                "The line on smoking is word for word that of the year before; cotinine was"
                " negative twice, seven weeks apart. Section I.A.4 is met.",
                "You were right: an old note was copied. Your blood tests show no nicotine. Your"
                " plan pays for the operation.",
                AppealDecision.RootCause.CRITERION_MISAPPLIED,
                approved(
                    "1270",
                    "Cotinine negative twice, seven weeks apart: section I.A is met in full.",
                    "Your plan pays for the stomach operation.",
                    reason="A03",
                ),
            ),
            TellAppeal("lfisk", 37 * DAY),
            Close("jsantos", 38 * DAY),
        ),
    ),
    Case(
        "keating",
        "surgery",
        "surgery",
        8 * DAY,
        ("E66.811", "Z68.34"),
        (Line("43290", 1, starts=20, days=60),),
        "Body mass index 34 without diabetes. A balloon in the stomach is asked for.",
        (
            Claim("jsantos", 9),
            Refer("jsantos", 15, "Balloons are named in section III."),
            Sign(
                "nwhitfield",
                60,
                denied(
                    "1270",
                    Ground.EXPERIMENTAL,
                    "E01",
                    "Balloons and other devices that fill space in the stomach",
                    "Section III.1 names balloons; lasting benefit is not established.",
                    "Your plan does not pay for a balloon in the stomach. Studies have not shown"
                    " that people keep the weight off.",
                ),
            ),
        ),
    ),
    Case(
        "castellan",
        "eyes",
        "eyes",
        10 * DAY,
        ("H02.831", "H02.834"),
        (Line("15823", 2, diagnoses=(1, 2), modifiers=("50",)),),
        "Skin hangs over both upper lids; reading is hard in the evening. Photographs are attached,"
        " visual fields are not.",
        (
            Claim("jsantos", 14),
            AskInformation(
                "jsantos",
                17,
                ("Visual fields at rest and with the skin taped, of the last 12 months",),
            ),
        ),
    ),
    Case(
        "ambrose",
        "eyes",
        "eyes",
        23 * DAY,
        ("H02.832", "H02.835"),
        (Line("15821", 2, modifiers=("50",)), Line("15820", 2, modifiers=("50",))),
        "Bags under both eyes. The member looks tired and is asked about it at work.",
        (
            Claim("jsantos", 5),
            Refer("jsantos", 9, "Lower lids, appearance only: section II.1."),
            *(
                Sign(
                    "nwhitfield",
                    48,
                    denied(
                        "1277",
                        Ground.COSMETIC,
                        "C01",
                        "Lower eyelid blepharoplasty for bags, wrinkles or excess fat",
                        "Photographs show fat pads without ectropion, tearing or exposure of the"
                        " cornea. No function is impaired; section II.1 applies.",
                        "This surgery would change how your eyes look, not how well you see. Your"
                        " plan does not pay for surgery that is only for looks.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("nwhitfield", 50),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "farrow",
        "spine",
        "spine",
        3 * DAY,
        ("M77.11",),
        (Line("0232T", 2),),
        "Tennis elbow for seven months, no relief from a brace. Two injections of platelet-rich"
        " plasma are asked for.",
        (
            Claim("jsantos", 16),
            Refer("jsantos", 24, "Plasma into tendons is named in 1246, which states no date."),
        ),
    ),
    Case(
        "galway",
        "spine",
        "spine",
        5 * DAY,
        ("M51.16",),
        (Line("22526", 1), Line("62287", 1)),
        "Disc pain at L4 for two years. Heating of the disc and decompression through a needle are"
        " asked for.",
        (
            Claim("jsantos", 12),
            Refer("jsantos", 30, "Both stand in section I.A.", specialty="Orthopedic surgery"),
            Sign(
                "sadeyemi",
                70,
                denied(
                    "1246",
                    Ground.EXPERIMENTAL,
                    "E01",
                    "Heating of a disc through a catheter or probe",
                    "Section I.A.1 lists heating of a disc as unproven for pain.",
                    "Your plan does not pay for heating the disc in your back. There is not enough"
                    " proof that it helps more than it harms.",
                ),
            ),
        ),
    ),
    Case(
        "merrow",
        "spine",
        "spine",
        5 * DAY,
        ("M54.51",),
        (Line("64628", 1, starts=14),),
        "Low back pain for nine months. MRI shows Modic type 2 changes at L4 and L5. Ablation of"
        " the basivertebral nerve is asked for.",
        (
            FileDocument("ipardo", 1.1, "Clinic note", Kind.PROGRESS_NOTE, written.SPINE_NOTE, 6),
            FileDocument("ipardo", 1.1, "MRI report", Kind.IMAGING, written.SPINE_MRI, 40),
            Claim("rokafor", 26),
            OpenPages("rokafor", 26.3, "Clinic note", (1, 2)),
            AnswerCriteria(
                "rokafor",
                27,
                "1246",
                {
                    "I.A.1": NOT_MET,
                    "I.A.2": NOT_MET,
                    "I.A.3": NOT_MET,
                    "I.B": NOT_MET,
                    "I.D.2": Found(NOT_MET, "", "Clinic note", 2, "no injections to ligaments"),
                    "I.D.4": NOT_MET,
                    "II.1": Found(
                        UNCLEAR,
                        "Nine months of pain, age and care fit; the levels are to be read from the"
                        " MRI report itself.",
                        "Clinic note",
                        1,
                        "pain for nine months",
                    ),
                },
            ),
        ),
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "umber",
        "eyes",
        "eyes",
        31 * DAY,
        ("Q10.0",),
        (Line("67901", 1, modifiers=("E1",)),),
        "Ptosis from birth; holds the chin up to see, and the right eye is falling behind.",
        (
            Claim("tbrandt", 3),
            Sign(
                "tbrandt",
                26,
                approved(
                    "1277",
                    "A chin held up and a risk of amblyopia: section I.C is met.",
                    "Your plan pays for the eyelid surgery. Your child needs it to see well.",
                ),
            ),
            Tell("tbrandt", 28),
            Close("tbrandt", 3 * DAY),
        ),
    ),
    Case(
        "kimball",
        "surgery",
        "surgery",
        28 * DAY,
        ("L98.8",),
        (Line("15830", 1, starts=30),),
        "Lost 110 pounds after a bypass. Loose skin of the abdomen; no rash is recorded.",
        (
            Claim("jsantos", 10),
            Refer("jsantos", 20, "Section IV: no infection or ulcers in the record."),
            Sign(
                "nwhitfield",
                66,
                denied(
                    "1270",
                    Ground.COSMETIC,
                    "C01",
                    "Removal of excess skin after loss of weight is cosmetic",
                    "No infection or ulcer of the folds over three months is recorded. Section IV"
                    " applies.",
                    "You have worked hard to lose weight. Your plan pays to remove loose skin only"
                    " when it causes sores or infections that treatment does not cure.",
                ),
            ),
            Tell("nwhitfield", 68),
            Appealed("lfisk", 27 * DAY, "I have had rashes for half a year. Photographs follow."),
        ),
    ),
    Case(
        "zeller",
        "surgery",
        "surgery",
        29 * DAY,
        ("E66.813",),
        (Line("43846", 1, starts=30, days=90),),
        "Body mass index 51. Open bypass after two operations on the bowel.",
        (
            Claim("tbrandt", 12),
            Sign(
                "tbrandt",
                50,
                approved(
                    "1270",
                    "Body mass index 51 and the record of the program: section I.A is met.",
                    "Your plan pays for the stomach operation.",
                ),
            ),
            Tell("tbrandt", 52),
            Reopen("gmoreno", 20 * DAY, "The surgeon asks for the laparoscopic operation instead."),
        ),
    ),
    Case(
        "winter",
        "eyes",
        "eyes",
        3,
        ("H02.401",),
        (Line("67904", 1, modifiers=("E3",)),),
        "Right upper lid droops; margin reflex distance 1 mm. Fields and photographs are attached.",
        channel=Channel.ELECTRONIC,
        entered_after=0.5,
    ),
    Case(
        "pruitt",
        "spine",
        "spine",
        11 * DAY,
        ("M48.061",),
        (Line("22869", 1, starts=14), Line("22870", 1, starts=14)),
        "Spinal stenosis; walks one block. A device between the spinous processes at two levels is"
        " asked for, without decompression.",
        (
            Claim("rokafor", 10),
            Refer("rokafor", 30, "Section I.B of 1246.", specialty="Orthopedic surgery"),
        ),
        entered_by="dkowal",
    ),
    Case(
        "sayre",
        "hospital",
        "surgery",
        7,
        ("K95.01",),
        (Line("43774", 1, starts=0, days=5),),
        "Band eroded into the stomach, fever. Removal of band and port tomorrow.",
        urgency=Urgency.EXPEDITED,
        attested_by="Dr. O. Lindgren, Saint Brannoc Hospital",
        channel=Channel.PHONE,
        entered_after=0.4,
    ),
)
