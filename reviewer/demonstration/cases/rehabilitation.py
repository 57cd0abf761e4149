"""Therapy, work programs, acupuncture and stays in a rehabilitation hospital."""

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
from reviewer.demonstration.document_steps import FileDocument, OpenPages, SetAside
from reviewer.demonstration.steps import (
    DAY,
    Appealed,
    AskInformation,
    AssignAppeal,
    Case,
    Claim,
    Close,
    Correct,
    CorrectReceipt,
    DecideAppeal,
    InformationComes,
    Line,
    NoAuthorization,
    Refer,
    Release,
    Sign,
    Tell,
    TellAppeal,
    WithdrawAppeal,
    approved,
    denied,
    partly,
)
from reviewer.demonstration.talk_steps import AskForTalk, HoldTalk, MissTalk, ReturnReferral
from reviewer.models import (
    Appeal,
    AppealDecision,
    Channel,
    Document,
    Ground,
    Referral,
    ReviewType,
    Urgency,
)

PETRAKIS = "Dr. L. Petrakis"
Kind = Document.Kind
WORK_PROGRAM = "Work hardening and work conditioning programs"
EXCLUDED_WORK = denied(
    "0298",
    Ground.BENEFIT_EXCLUSION,
    "B02",
    WORK_PROGRAM,
    "The schedule is four hours a day on five days a week and every goal in the plan of care is a"
    " task of the warehouse job. This is work hardening, which limitation 1 excludes whoever"
    " supplies it.",
    "The program you asked for helps people get ready for a job. Your plan does not pay for job"
    " programs, even after an injury. It does pay for therapy that helps with daily life. Ask your"
    " doctor about that kind of therapy.",
)

CASES = (
    Case(
        "winter",
        "lakeside",
        "worklink",
        6 * DAY,
        ("S33.5XXD",),
        (Line("97545", 20), Line("97546", 40)),
        "Lumbar sprain while lifting at work nine weeks ago. Ordinary therapy ended with 60 degrees"
        " of flexion and pain 3 of 10. Work hardening, four hours a day for four weeks, is asked"
        " for so that the member can return to lifting 50 pounds.",
        (
            FileDocument(
                "ipardo", 1.2, "Request by fax", Kind.REQUEST_FORM, written.WORK_ORDER, 1, "fax"
            ),
            FileDocument(
                "ipardo", 1.2, "Therapy evaluation", Kind.EVALUATION, written.WORK_EVALUATION, 9
            ),
            FileDocument(
                "ipardo", 1.2, "Program and goals", Kind.PLAN_OF_CARE, written.WORK_PLAN, 4
            ),
            FileDocument(
                "ipardo",
                1.3,
                "Employer's job description",
                Kind.OTHER,
                (written.JOB_DESCRIPTION,),
                None,
                "text",
            ),
            FileDocument("ipardo", 1.3, "Shoulder X-ray", Kind.IMAGING, written.STRAY, 30),
            Claim("rokafor", 20),
            OpenPages("rokafor", 20.5, "Request by fax"),
            OpenPages("rokafor", 20.6, "Therapy evaluation", (1, 2)),
            OpenPages("rokafor", 20.8, "Program and goals", (1, 2)),
            OpenPages("rokafor", 21, "Shoulder X-ray"),
            SetAside(
                "rokafor",
                21.2,
                "Shoulder X-ray",
                "It is of another person: the imaging center sent it to the wrong file.",
            ),
            AnswerCriteria(
                "rokafor",
                24,
                "0298",
                {
                    "I.A": Found(
                        MET,
                        "Four hours a day on five days, billed by the hour.",
                        "Program and goals",
                        1,
                        "Monday to Friday, 8 to 12",
                    ),
                    "I.B": NOT_MET,
                    "I.C": NOT_MET,
                    "I.D": Found(
                        UNCLEAR,
                        "The goals name the job; whether the program leads back to it is not said.",
                        "Program and goals",
                        2,
                    ),
                    "II.A": Found(MET, "", "Therapy evaluation", 1, "flexion 60 degrees"),
                    "II.B": Found(
                        NOT_MET,
                        "Each of the four goals is a task of the warehouse job.",
                        "Program and goals",
                        2,
                    ),
                    "II.C.1": Found(NOT_MET, "Nine weeks ago."),
                    "II.C.2": Found(MET, "", "Therapy evaluation", 1, "pain 6, then 3"),
                },
            ),
            Refer(
                "rokafor",
                26,
                "Four hours a day on five days and goals that name the job: this reads as work"
                " hardening under limitation 1. No goal for daily living is stated.",
                specialty="Physical medicine and rehabilitation",
            ),
        ),
    ),
    Case(
        "castellan",
        "ortho",
        "worklink",
        45 * DAY,
        ("S43.421A", "Z56.9"),
        (Line("97545", 15, diagnoses=(1, 2)),),
        "Rotator cuff sprain five months ago, therapy finished. The employer's nurse arranged a"
        " program of work simulation before return to the loading dock.",
        (
            Claim("jsantos", 9),
            Refer(
                "jsantos",
                31,
                "Arranged by the employer, half a day at a time. Limitation 1 seems to apply.",
            ),
            Sign("nwhitfield", 52, EXCLUDED_WORK),
            Tell("nwhitfield", 55),
            Appealed(
                "lfisk",
                16 * DAY,
                "My doctor says that I cannot go back to the dock without this program. It is part"
                " of getting well.",
            ),
            AssignAppeal("lfisk", 17 * DAY, "sadeyemi"),
            DecideAppeal(
                "sadeyemi",
                24 * DAY,
                AppealDecision.Outcome.UPHELD,
                "The member writes that the program is part of getting well. The plan of care, the"
                " employer's letter and the last therapy note were read again.",
                "Every goal is a task of the dock job, and the employer arranged the program. The"
                " last therapy note shows full motion and strength, so no deficit for daily living"
                " is left that another bulletin could cover.",
                "We looked at your whole file again. The program is meant to get you ready for the"
                " dock job, and your plan does not pay for job programs. The first decision stays.",
            ),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "farrow",
        "ortho",
        "bridge",
        20 * DAY,
        ("M75.41",),
        (Line("97110", 24), Line("97140", 12)),
        "Impingement of the right shoulder for ten weeks after painting a house. Abduction 95"
        " degrees against 170 on the left, strength 4 of 5, pain 6 of 10 with movement. Twelve"
        " visits are planned; goals are to reach a shelf and to sleep through the night.",
        (
            Claim("jsantos", 7),
            *(
                Sign(
                    "jsantos",
                    29,
                    approved(
                        "0614",
                        "Examined within 90 days; motion, strength and pain are recorded; the plan"
                        " states goals, frequency and end. Section I.A is met.",
                        "Your plan pays for this therapy. Your records show what is wrong and how"
                        " therapy should help.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("jsantos", 30),
            Close("jsantos", 32),
        ),
        channel=Channel.ELECTRONIC,
    ),
    Case(
        "galway",
        "lakeside",
        "bridge",
        15 * DAY,
        ("M54.59",),
        (Line("97110", 48, days=120),),
        "Low back pain, worse for three months. Oswestry score 38 at the start and 36 after twelve"
        " visits. Forty-eight more units are asked for over four months.",
        (
            Claim("rokafor", 18),
            Refer(
                "rokafor",
                40,
                "The measures have hardly moved and the number goes past 24 visits. Some visits to"
                " teach a home program look reasonable.",
                Referral.Recommendation.UNSURE,
                "Physical medicine and rehabilitation",
            ),
            Sign(
                "mlindqvist",
                70,
                partly(
                    "0614",
                    24,
                    "M03",
                    "A progress report not older than 30 days compares the present measures",
                    "Oswestry 38 to 36 is less than a meaningful change, and the report is 44 days"
                    " old. Twenty-four units allow the goals to be set anew and a home program to"
                    " be taught; more needs a new progress report.",
                    "Your plan will pay for half of the visits you asked for. Your last report was"
                    " too old and showed almost no change. If a new report shows that therapy"
                    " helps, your therapist can ask for more.",
                ),
            ),
            Tell("mlindqvist", 74),
        ),
    ),
    Case(
        "hartigan",
        "ortho",
        "bridge",
        25 * DAY,
        ("M77.11",),
        (Line("97037", 10, days=40), Line("97110", 10, days=40)),
        "Lateral epicondylitis of the right elbow for four months. Ten sessions of exercise and ten"
        " of low-level laser are asked for.",
        (
            Claim("jsantos", 12),
            Sign(
                "jsantos",
                20,
                approved(
                    "0614",
                    "Grip strength, pain and a function score are recorded and the plan has goals"
                    " for daily living. Section I.A is met for exercise.",
                    "Your plan pays for the exercise visits. They fit what your records show.",
                ),
                2,
            ),
            Refer("jsantos", 21, "Laser stands among the services of section IV."),
            Sign(
                "nwhitfield",
                44,
                denied(
                    "0614",
                    Ground.EXPERIMENTAL,
                    "E01",
                    "Low-level laser for pain of joints or muscles",
                    "Section IV lists low-level laser for joint or muscle pain as unproven. The"
                    " record gives no reason why this elbow should be an exception.",
                    "Your plan does not pay for laser treatment of the elbow. Studies have not"
                    " shown that it helps people move or feel better. Your exercise visits are"
                    " paid for.",
                ),
            ),
            Tell("nwhitfield", 46),
            Appealed(
                "lfisk",
                19 * DAY,
                "The therapist encloses two articles and asks that laser be allowed beside"
                " exercise.",
                Appeal.Initiator.PROVIDER,
                "Bridge Street Therapy",
                channel=Channel.FAX,
            ),
            AssignAppeal("lfisk", 20 * DAY, "sadeyemi"),
        ),
    ),
    Case(
        "jessop",
        "lakeside",
        "worklink",
        18 * DAY,
        ("S62.014D",),
        (Line("97537", 12),),
        "Healed fracture of a wrist bone. Training on a mock counter is asked for before return to"
        " a kitchen job.",
        (
            Claim("rokafor", 5),
            Refer("rokafor", 11, "The goal on the plan of care is the kitchen job."),
            Sign(
                "mlindqvist",
                30,
                denied(
                    "0298",
                    Ground.BENEFIT_EXCLUSION,
                    "B01",
                    "Community or work reintegration training",
                    "Every goal on the plan of care is a task of paid work. Limitation 1 excludes"
                    " reintegration training for that purpose.",
                    "This training is meant to get you back to your kitchen job. Your plan does not"
                    " pay for training for a job.",
                ),
            ),
            Correct(
                "mlindqvist",
                34,
                denied(
                    "0298",
                    Ground.BENEFIT_EXCLUSION,
                    "B02",
                    "Community or work reintegration training",
                    "Every goal on the plan of care is a task of paid work. Limitation 1 excludes"
                    " reintegration training for that purpose.",
                    "This training is meant to get you back to your kitchen job. Your plan does not"
                    " pay for training for a job. It can pay for hand therapy that helps with"
                    " daily life.",
                ),
                "The reason code named the wrong kind of exclusion: B02 is the one for vocational"
                " services.",
            ),
            Tell("mlindqvist", 36),
            Close("rokafor", 3 * DAY),
        ),
    ),
    Case(
        "ivers",
        "ortho",
        "bridge",
        2 * DAY,
        ("Z47.1", "Z96.651"),
        (Line("97110", 16, diagnoses=(1, 2)), Line("97116", 8), Line("97164", 1)),
        "Right knee replaced five weeks ago. Flexion 88 degrees, extension lacks 8 degrees, timed"
        " rise and walk 17 seconds. Eight more visits are asked for; the first course brought 30"
        " degrees.",
        (
            FileDocument("ipardo", 1.1, "Progress note", Kind.PROGRESS_NOTE, written.KNEE_PROGRESS),
            FileDocument("ipardo", 1.1, "Order", Kind.ORDER, written.KNEE_ORDER, 5, "fax"),
            Claim("jsantos", 21),
            OpenPages("jsantos", 21.2, "Progress note", (1,)),
            AnswerCriteria(
                "jsantos",
                21.6,
                "0614",
                {
                    "I.A": Found(NOT_APPLICABLE, "The course has begun; section I.B counts."),
                    "I.B.1": Found(MET, "", "Progress note", 1, "five weeks ago and now"),
                    "I.B.2.a": Found(
                        MET, "30 degrees of flexion gained.", "Progress note", 1, "58, now 88"
                    ),
                    "I.B.3": Found(
                        UNCLEAR,
                        "The note says that the home program is done, not why it is not enough.",
                        "Progress note",
                        2,
                    ),
                    "III.A": NOT_MET,
                    "III.B": NOT_MET,
                },
            ),
        ),
        ReviewType.CONCURRENT,
        channel=Channel.PORTAL,
    ),
    Case(
        "keating",
        "lakeside",
        "worklink",
        5,
        ("S83.512D",),
        (Line("97545", 10),),
        "Knee sprain seven weeks ago. A work conditioning program is asked for before return to a"
        " delivery round.",
        (
            FileDocument(
                "ipardo", 1.1, "Letter of the physician", Kind.LETTER, written.CONDITIONING, None
            ),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "merrow",
        "hospital",
        "rehabilitation",
        66,
        ("S72.26XA",),
        (Line("0128", 14, System.REVENUE, starts=1, days=13),),
        "Subtrochanteric fracture fixed four days ago. Lives alone on a second floor; walked with"
        " a stick before. Tolerates 40 minutes of therapy twice a day; delirium has cleared. The"
        " screening before admission is attached.",
        (Claim("tbrandt", 14),),
        urgency=Urgency.EXPEDITED,
        attested_by="Dr. L. Petrakis, Saint Brannoc Hospital",
        channel=Channel.PHONE,
    ),
    Case(
        "oakes",
        "hospital",
        "rehabilitation",
        12 * DAY,
        ("Z47.1", "Z96.641"),
        (Line("0128", 10, System.REVENUE, starts=1, days=9, diagnoses=(1, 2)),),
        "Right hip replaced three days ago. Walks 30 feet with a walker and one helper. Physical"
        " therapy is ordered; occupational therapy was not.",
        (
            Claim("tbrandt", 6),
            Refer(
                "tbrandt",
                13,
                "One joint, one discipline. Section III.C points to a lower level of care.",
                specialty="Physical medicine and rehabilitation",
            ),
            Claim("mlindqvist", 14),
            ReturnReferral("mlindqvist", 15, "Was occupational therapy ordered on the ward?"),
            Refer(
                "tbrandt",
                17,
                "The ward has physical therapy alone on its orders. One joint, one discipline.",
                specialty="Physical medicine and rehabilitation",
            ),
            Claim("mlindqvist", 18),
            AskForTalk(
                "mlindqvist", 19, PETRAKIS, "Offered by phone to the ward's desk.", asked=False
            ),
            MissTalk("mlindqvist", 20, PETRAKIS, "In theater until noon.", declined=True),
            AskForTalk("mlindqvist", 21, PETRAKIS, "Asks for a talk after all, before evening."),
            MissTalk("mlindqvist", 23, PETRAKIS, "Called twice; no answer on the ward."),
            HoldTalk(
                "mlindqvist",
                25,
                PETRAKIS,
                "Holds that an inpatient stay is safer at her age. One discipline is ordered.",
            ),
            Sign(
                "mlindqvist",
                26,
                denied(
                    "1312",
                    Ground.MEDICAL_NECESSITY,
                    "M02",
                    "Therapy in one discipline only",
                    "A single joint was replaced, only physical therapy is ordered, and the record"
                    " shows no need for a physician three days a week. Section III points to a"
                    " skilled nursing facility.",
                    "You asked for a stay in a rehabilitation hospital. Your records show that you"
                    " need one kind of therapy, not several each day. A skilled nursing home can"
                    " give you that care.",
                ),
            ),
            Tell("mlindqvist", 27, channels=("phone", "fax")),
            Appealed(
                "lfisk",
                3 * DAY,
                "Her daughter writes that she is 86, that occupational therapy has been ordered"
                " since, and that she fell on the ward.",
                Appeal.Initiator.REPRESENTATIVE,
                "Joan Oakes",
                Urgency.EXPEDITED,
                Channel.PHONE,
            ),
            AssignAppeal("lfisk", 3 * DAY + 2, "sadeyemi"),
            DecideAppeal(
                "sadeyemi",
                4 * DAY,
                AppealDecision.Outcome.OVERTURNED,
                "The daughter points to her mother's age and to new orders. The new orders and the"
                " note on the fall were read; they were not in the first file.",
                "Two disciplines are now ordered, age above 85 meets section III.C.3, and the fall"
                " calls for a physician's eye. Section I is met.",
                "We read the new orders. You now need two kinds of therapy each day, and your age"
                " counts too. Your plan will pay for the stay.",
                AppealDecision.RootCause.NEW_INFORMATION,
                approved(
                    "1312",
                    "Two disciplines, age above 85 and a fall on the ward: section I is met and"
                    " section III.C.3 applies.",
                    "Your plan pays for ten days in the rehabilitation hospital.",
                    reason="A03",
                ),
            ),
            TellAppeal(
                "lfisk",
                4 * DAY + 1,
                "Joan Oakes was told that the stay is paid for, and that a letter follows.",
            ),
        ),
        ReviewType.CONCURRENT,
        Urgency.EXPEDITED,
        "Dr. M. Ruiz, Saint Brannoc Hospital",
        Channel.FAX,
    ),
    Case(
        "sayre",
        "hospital",
        "rehabilitation",
        4 * DAY,
        ("I63.9",),
        (Line("0128", 14, System.REVENUE, starts=0, days=13),),
        "Stroke with left weakness eight days ago. Needs physical, occupational and speech therapy;"
        " sat out of bed for three hours yesterday. Husband is at home and able to help.",
        (
            Claim("tbrandt", 4),
            AnswerCriteria(
                "tbrandt",
                8,
                "1312",
                {
                    "I.A.1": MET,
                    "I.A.2": MET,
                    "I.A.3": MET,
                    "I.A.4": Found(MET, "Home with the husband; three disciplines are named."),
                    "I.B.1": MET,
                    "I.B.2": MET,
                    "I.B.3": MET,
                    "I.B.4": NOT_MET,
                    "I.C.1": Found(MET, "Sat out of bed for three hours yesterday."),
                    "I.C.2": NOT_APPLICABLE,
                    "I.D": MET,
                    "I.E": MET,
                    "I.F": MET,
                    "II": Found(NOT_APPLICABLE, "Not a further week, but an admission."),
                    "III.A": Found(NOT_APPLICABLE, "Nothing here calls for a lower level of care."),
                    "III.B": NOT_APPLICABLE,
                    "III.C": NOT_APPLICABLE,
                    "IV.A": NOT_MET,
                    "IV.B": NOT_MET,
                    "IV.C": NOT_MET,
                    "V.A": MET,
                    "V.B": Found(MET, "Promised for day three."),
                    "V.C": MET,
                },
            ),
            Sign(
                "tbrandt",
                9,
                approved(
                    "1312",
                    "Three disciplines, tolerance of three hours, screening within 48 hours and a"
                    " plan to go home: section I is met.",
                    "Your plan pays for two weeks in the rehabilitation hospital. You need three"
                    " kinds of therapy each day and can take part in them.",
                ),
            ),
            Tell("tbrandt", 10, channels=("phone", "electronic")),
        ),
        ReviewType.CONCURRENT,
        Urgency.EXPEDITED,
        "Dr. M. Ruiz, Saint Brannoc Hospital",
        Channel.ELECTRONIC,
    ),
    Case(
        "nash",
        "lakeside",
        "acupuncture",
        16 * DAY,
        ("M54.59",),
        (Line("97810", 20, days=89),),
        "Low back pain for five months without a known cause. Twenty sessions over three months are"
        " asked for.",
        (
            Claim("tbrandt", 10),
            Refer(
                "tbrandt",
                30,
                "The indication is met; the number is not.",
                specialty="Pain medicine",
            ),
            Sign(
                "cbeaumont",
                54,
                partly(
                    "1305",
                    12,
                    "M03",
                    "Up to 12 visits in 90 days",
                    "Pain of more than 12 weeks without another cause meets section I.1. Section"
                    " II.1 allows 12 visits in 90 days; more depend on improvement of 30 percent.",
                    "Your plan will pay for 12 visits in the next 90 days. If your pain gets better"
                    " by about a third, you can have up to 8 more.",
                ),
            ),
            Tell("cbeaumont", 56),
        ),
        channel=Channel.MAIL,
    ),
    Case(
        "zeller",
        "spine",
        "spine",
        22 * DAY,
        ("M54.2",),
        (Line("20561", 6, days=45),),
        "Tight bands in the neck and shoulders for a year. Six sessions of dry needling are asked"
        " for.",
        (
            Claim("tbrandt", 8),
            Refer("tbrandt", 12, "Dry needling is listed as unproven."),
            Sign(
                "praman",
                40,
                denied(
                    "1305",
                    Ground.EXPERIMENTAL,
                    "E01",
                    "Dry needling of trigger points",
                    "Section IV lists dry needling of trigger points as unproven, and no study of"
                    " this member's condition is offered.",
                    "Your plan does not pay for dry needling. Studies have not shown clearly that"
                    " it works. Physical therapy for your neck may be paid for.",
                ),
            ),
            Tell("praman", 42),
            Appealed("lfisk", 10 * DAY, "It helped my sister. I want to try it."),
            WithdrawAppeal(
                "lfisk", 13 * DAY, "The member has begun physical therapy and no longer wants it."
            ),
        ),
    ),
    Case(
        "yarrow",
        "lakeside",
        "acupuncture",
        33 * DAY,
        ("G43.919",),
        (Line("97813", 12, days=89), Line("97814", 12, days=89)),
        "Migraine on nine days a month. Topiramate was stopped for tingling. Twelve sessions are"
        " asked for.",
        (
            Claim("tbrandt", 10),
            *(
                Sign(
                    "tbrandt",
                    36,
                    approved(
                        "1305",
                        "Headache on more than 4 days a month after a preventive medicine that was"
                        " not tolerated: section I.3 is met.",
                        "Your plan pays for 12 sessions. You have migraine often and the medicine"
                        " did not suit you.",
                    ),
                    line,
                )
                for line in (1, 2)
            ),
            Tell("tbrandt", 38),
            Close("tbrandt", 60),
        ),
        channel=Channel.PORTAL,
    ),
    Case(
        "rook",
        "lakeside",
        "bridge",
        3 * DAY,
        ("M54.2",),
        (Line("98940", 8),),
        "Neck pain after a long drive. Eight manipulations of the spine are asked for.",
        (
            Claim("rokafor", 4),
            NoAuthorization(
                "rokafor", 6, "The plan asks for no authorization of spinal manipulation."
            ),
        ),
    ),
    Case(
        "kimball",
        "lakeside",
        "bridge",
        9 * DAY,
        ("G20.A1",),
        (Line("97112", 24), Line("97116", 12)),
        "Parkinson's disease for three years, two falls in half a year. Balance training is asked"
        " for; the referral names no measures.",
        (
            Claim("jsantos", 22),
            CorrectReceipt(
                "gmoreno",
                24,
                proposed_by="jsantos",
                hours_earlier=2,
                reason="The fax lay at the delegate's office before it was forwarded to us.",
                evidence="The header of the fax names the delegate's machine, two hours earlier.",
            ),
            AskInformation(
                "jsantos",
                25,
                (
                    "The therapist's evaluation with at least two measures",
                    "The date of the last examination",
                ),
            ),
            InformationComes(
                "dkowal", 6 * DAY, "Evaluation with a timed test of balance and the falls counted."
            ),
            Release("jsantos", 7 * DAY),
        ),
        entered_by="dkowal",
    ),
)
