"""Images and laboratory tests."""

from policies.models import System
from reviewer.demonstration.steps import (
    DAY,
    Appealed,
    AskInformation,
    AssignAppeal,
    Case,
    Claim,
    Close,
    Correct,
    Dismiss,
    Line,
    NoAuthorization,
    Refer,
    Sign,
    Tell,
    Verdict,
    Withdraw,
    approved,
    denied,
)
from reviewer.demonstration.talk_steps import ChooseNoBulletin
from reviewer.models import Appeal, Channel, Ground, Outcome, ReviewType, Urgency

CASES = (
    Case(
        "winter",
        "lakeside",
        "imaging",
        36 * DAY,
        ("M54.16",),
        (Line("72148", 1),),
        "Pain down the left leg for ten weeks, sleep broken. Eight weeks of supervised therapy and"
        " naproxen, seen again this week. An injection is planned if the image agrees.",
        (
            Claim("rokafor", 3),
            Sign(
                "rokafor",
                8,
                approved(
                    "1203",
                    "Ten weeks of pain, two kinds of conservative care over eight weeks, a second"
                    " examination, and an injection that depends on it: section I.B is met.",
                    "Your plan pays for the MRI. You have tried therapy and medicine, and the"
                    " picture will help to choose what comes next.",
                ),
            ),
            Tell("rokafor", 9),
            Close("rokafor", 30),
        ),
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "jessop",
        "lakeside",
        "imaging",
        19 * DAY,
        ("M54.50",),
        (Line("72148", 1),),
        "MRI of four months ago. The disc with the images was lost. Symptoms are as before.",
        (
            Claim("rokafor", 6),
            Refer("rokafor", 10, "Repeat within 12 months without a change."),
            Sign(
                "nwhitfield",
                52,
                denied(
                    "1203",
                    Ground.MEDICAL_NECESSITY,
                    "M03",
                    "A repeat MRI of the same region within 12 months",
                    "Symptoms and signs are those of the study four months ago. Section III says"
                    " that a lost disc is not a change.",
                    "You had this MRI four months ago, and nothing has changed since. The imaging"
                    " center can send the pictures again.",
                ),
            ),
            Tell("nwhitfield", 54),
        ),
    ),
    Case(
        "nash",
        "hospital",
        "imaging",
        30,
        ("G83.4",),
        (Line("72158", 1, starts=0, days=3),),
        "Numb saddle area and retention since yesterday. Cancer of the breast nine years ago.",
        (
            Claim("rokafor", 1),
            Sign(
                "rokafor",
                2,
                approved(
                    "1203",
                    "Retention and saddle numbness are red flags under section I.A; contrast is"
                    " right where a tumor is suspected.",
                    "Your plan pays for the MRI today. Your signs need to be looked at now.",
                ),
            ),
            Tell("rokafor", 3, channels=("phone", "phone")),
        ),
        urgency=Urgency.EXPEDITED,
        attested_by="Dr. S. Okwu, Saint Brannoc Hospital",
        channel=Channel.PHONE,
        entered_after=0.2,
    ),
    Case(
        "hartigan",
        "ortho",
        "imaging",
        1.5,
        ("M54.17",),
        (Line("72148", 1, starts=1),),
        "The right foot drops since this morning, strength 2 of 5. Known disc at L5.",
        urgency=Urgency.EXPEDITED,
        attested_by="Dr. P. Marsh, Harbor Orthopedics",
        channel=Channel.PORTAL,
        entered_after=0.3,
    ),
    Case(
        "keating",
        "lakeside",
        "laboratory",
        34 * DAY,
        ("Z13.21",),
        (Line("82306", 1, starts=-20, days=0),),
        "Test done as part of a yearly panel, sent for payment afterwards. No symptoms.",
        (
            Claim("rokafor", 40),
            Refer("rokafor", 44, "Screening: section II."),
            Sign(
                "nwhitfield",
                8 * DAY,
                denied(
                    "1255",
                    Ground.MEDICAL_NECESSITY,
                    "M01",
                    "Screening for vitamin D deficiency in people without symptoms",
                    "The test was part of a panel for wellness in a member without symptoms or a"
                    " listed condition.",
                    "Your plan pays for a vitamin D test only when a health problem calls for it."
                    " Your test was part of a routine check.",
                ),
            ),
            Tell("nwhitfield", 8 * DAY + 2),
            Close("rokafor", 12 * DAY),
        ),
        ReviewType.RETROSPECTIVE,
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "oakes",
        "lakeside",
        "laboratory",
        18 * DAY,
        ("M81.0",),
        (Line("82306", 1),),
        "Osteoporosis with a new fracture of the wrist. One level before treatment.",
        (
            Claim("tbrandt", 4),
            Sign(
                "tbrandt",
                22,
                approved(
                    "1255",
                    "A disease of bone: section I.A.1 is met.",
                    "Your plan pays for the test. Your bones are weak, and the result will guide"
                    " your treatment.",
                ),
            ),
            Tell("tbrandt", 23),
            Close("tbrandt", 50),
        ),
    ),
    Case(
        "lomax",
        "genetics",
        "laboratory",
        9 * DAY,
        ("C56.1",),
        (Line("81162", 1),),
        "Cancer of the right ovary found five weeks ago. Counseling took place. The result decides"
        " on a medicine.",
        (
            Claim("rokafor", 5),
            Sign(
                "rokafor",
                12,
                approved(
                    "1258",
                    "Cancer of the ovary: section I.A.1 is met; full sequence is the right test.",
                    "Your plan pays for the gene test. The result will help to choose your"
                    " medicine.",
                ),
            ),
            Tell("rokafor", 13),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "wilder",
        "genetics",
        "laboratory",
        32 * DAY,
        ("Z80.3",),
        (Line("81432", 1),),
        "An aunt with breast cancer at 61. A panel is asked for; the record of counseling was"
        " asked for twice and did not come.",
        (
            Claim("tbrandt", 6),
            AskInformation("tbrandt", 10, ("The record of genetic counseling", "The family tree")),
            Refer("tbrandt", 10 * DAY, "Nothing came within the time given."),
            Sign(
                "praman",
                11 * DAY,
                Verdict(
                    Outcome.DENIED,
                    "N01",
                    "Counseling and family tree were asked for on the first day and did not come."
                    " Section I.B.2 cannot be answered.",
                    "We asked your clinic for your counseling record and did not get it. When we"
                    " have it, we will look at this again.",
                    Ground.ADMINISTRATIVE,
                    "1258",
                    ("Genetic counseling took place before the test",),
                ),
            ),
            Tell("praman", 11 * DAY + 2),
            Appealed(
                "lfisk",
                25 * DAY,
                "The clinic sends the record of counseling with its regrets.",
                Appeal.Initiator.PROVIDER,
                "Tamarack Cancer Genetics",
                channel=Channel.FAX,
            ),
            AssignAppeal("lfisk", 26 * DAY, "cbeaumont"),
        ),
    ),
    Case(
        "ambrose",
        "genetics",
        "laboratory",
        24 * DAY,
        ("Z80.3", "Z80.41"),
        (Line("81432", 1, diagnoses=(1, 2)),),
        "Mother and aunt with breast cancer, grandmother with cancer of the ovary. Nobody in the"
        " family has been tested.",
        (
            Claim("rokafor", 7),
            AskInformation(
                "rokafor", 30, ("Whether the mother can be tested", "The record of counseling")
            ),
        ),
    ),
    Case(
        "castellan",
        "genetics",
        "laboratory",
        12 * DAY,
        ("C50.921",),
        (Line("81162", 1),),
        "Breast cancer in a man. The same request came by fax and through the portal.",
        (
            Claim("rokafor", 4),
            Dismiss("rokafor", 6, "The same request is under review under another number."),
        ),
    ),
    Case(
        "castellan",
        "genetics",
        "laboratory",
        12 * DAY + 2,
        ("C50.921",),
        (Line("81162", 1),),
        "Breast cancer in a man, found last month. Counseling is recorded.",
        (
            Claim("rokafor", 4),
            Sign(
                "rokafor",
                9,
                approved(
                    "1258",
                    "Breast cancer in a man: section I.A.3 is met.",
                    "Your plan pays for the gene test. It is right for you and may help your"
                    " family too.",
                ),
            ),
            Correct(
                "rokafor",
                30,
                approved(
                    "1258",
                    "Breast cancer in a man: section I.A.3 is met. Counseling is recorded on the"
                    " second page.",
                    "Your plan pays for the gene test. It is right for you and may help your"
                    " family too.",
                ),
                "The clinical rationale left out where counseling is recorded.",
            ),
            Tell("rokafor", 31),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "rook",
        "lakeside",
        "imaging",
        16 * DAY,
        ("M54.40",),
        (Line("72148", 1),),
        "Back and leg pain for five weeks. Asked for by letter; three weeks of exercise at home.",
        (),
        channel=Channel.MAIL,
        entered_by="dkowal",
        entered_after=6 * DAY,
    ),
    Case(
        "teller",
        "imaging",
        "imaging",
        7 * DAY,
        ("M54.50",),
        (Line("72110", 1),),
        "Low back pain for two weeks. Radiographs are asked for.",
        (
            Claim("tbrandt", 3),
            NoAuthorization("tbrandt", 4, "Plain radiographs need no authorization in this plan."),
        ),
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "farrow",
        "lakeside",
        "imaging",
        26 * DAY,
        ("M54.50",),
        (Line("76498", 1),),
        "Upright MRI is asked for because lying flat hurts.",
        (
            Claim("jsantos", 6),
            Withdraw("jsantos", 30, "The member agrees to an ordinary MRI with a cushion."),
        ),
    ),
    Case(
        "keating",
        "lakeside",
        "imaging",
        26,
        ("M54.30",),
        (Line("72148", 1),),
        "Sciatica for three weeks without weakness. No therapy yet.",
        channel=Channel.FAX,
        entered_after=9,
    ),
    Case(
        "sayre",
        "lakeside",
        "laboratory",
        15 * DAY,
        ("N18.4", "N25.81"),
        (Line("82652", 1, diagnoses=(1, 2)), Line("82306", 1)),
        "Kidney disease of stage 4 with a high parathyroid hormone. Both tests on one day.",
        (
            Claim("tbrandt", 3),
            *(
                Sign(
                    "tbrandt",
                    15,
                    approved(
                        "1255",
                        "Stage 4 with secondary hyperparathyroidism: sections I.A.3 and I.B.4 are"
                        " both met, so both tests stand.",
                        "Your plan pays for both tests. Your kidneys need them to be watched.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("tbrandt", 16),
        ),
    ),
    Case(
        "merrow",
        "lakeside",
        "laboratory",
        20 * DAY,
        ("D86.0",),
        (Line("82652", 1),),
        "Sarcoidosis. The coverage ended and began anew; the day of service lay between.",
        (
            Claim("tbrandt", 20),
            ChooseNoBulletin(
                "tbrandt", 29, "No cover on the day of service: no policy speaks for that day."
            ),
            Refer("tbrandt", 30, "Not covered on the day of service."),
            Sign(
                "cbeaumont",
                90,
                Verdict(
                    Outcome.DENIED,
                    "N02",
                    "The employer's file shows no coverage on the day of service.",
                    "You were not covered by this plan on the day of the test. If that is wrong,"
                    " send us your card or a letter from your plan.",
                    Ground.ADMINISTRATIVE,
                    no_bulletin="The member was not covered on the day of service, so no policy"
                    " was applied.",
                ),
            ),
            Tell("cbeaumont", 92),
        ),
        ReviewType.RETROSPECTIVE,
        item_kinds={"medicare_advantage": "payment_other"},
    ),
    Case(
        "galway",
        "lakeside",
        "imaging",
        21 * DAY,
        ("M54.16", "M54.2"),
        (Line("72148", 1), Line("72141", 1, diagnoses=(2,)), Line("72148", 1)),
        "Leg pain for eight weeks after therapy and medicine. Images of the neck and of the lower"
        " back are asked for; the lower back stands on the form twice.",
        (
            Claim("rokafor", 4),
            Sign(
                "rokafor",
                6,
                approved(
                    "1203",
                    "Eight weeks of pain and care, seen again, an operation under discussion:"
                    " section I.B is met.",
                    "Your plan pays for the MRI of your lower back.",
                ),
            ),
            Sign(
                "rokafor",
                6.5,
                Verdict(
                    Outcome.WITHDRAWN,
                    "W01",
                    "The clinic withdrew the image of the neck by telephone.",
                    "Your clinic took back the request for the picture of your neck.",
                ),
                2,
            ),
            Sign(
                "rokafor",
                7,
                Verdict(
                    Outcome.DISMISSED,
                    "D01",
                    "The line repeats the first one.",
                    "The form asked for the same picture twice. It is decided once.",
                ),
                3,
            ),
            Tell("rokafor", 9),
        ),
    ),
    Case(
        "oakes",
        "rheumatology",
        "imaging",
        9,
        ("M05.79",),
        (Line("J3490", 4, System.HCPCS),),
        "An unlisted injection for arthritis is asked for; the name of the medicine follows.",
        channel=Channel.FAX,
        entered_after=5,
    ),
)
