"""The words of the demonstration's documents, a string a page; every person in them is invented."""

WORK_ORDER = (
    """Lakeside Clinic: request for authorization
Sent by fax, 1 page

Service: work hardening, 97545 and 97546
Four hours a day, five days a week, four weeks
Diagnosis: sprain of ligaments of lumbar spine

Reason: ordinary therapy has ended. The patient
lifts 30 pounds and the job asks for 50.
Plan: return to the warehouse in week 14.""",
)
WORK_EVALUATION = (
    """Physical therapy: discharge evaluation
Visits: 18 of 18 attended.
Complaint: low back pain after lifting at work nine weeks ago.

Measures at the start and at discharge:
Flexion of the lumbar spine: 35 degrees, 60 degrees.
Pain at rest: 6 of 10, 3 of 10.
Oswestry score: 42, 22.
Standing tolerance: 20 minutes, 50 minutes.""",
    """Physical therapy: discharge evaluation, page 2
Lifting from floor to waist: 30 pounds, five times, without pain.
Carrying: 25 pounds over 100 feet.
Walking: one mile without rest.

At home the patient dresses, cooks, shops and drives without help.
No limit in daily living was reported at this visit.
Signed by the treating therapist, Bridge Street Therapy.""",
)
WORK_PLAN = (
    """WorkLink: plan of the work hardening program
Schedule: Monday to Friday, 8 to 12, for four weeks.
Supervision: one therapist for four participants.""",
    """WorkLink: goals
1. Lift 50 pounds from floor to shoulder, ten times an hour.
2. Push a loaded pallet jack over 200 feet.
3. Stand and walk on concrete for a shift of eight hours.
4. Pack at the pace of the line for two hours.
Each goal is a task of the warehouse job as the employer describes it.""",
    """WorkLink: measures of progress
Measured at the end of every week: lifting, carrying, tolerance of standing.
The program ends when the tasks of the job are done on three days.""",
)
JOB_DESCRIPTION = """Job description, order picker (day shift)

Lifts cartons of up to 50 pounds from floor to shoulder, about ten an hour.
Pushes pallet jacks. Stands and walks on concrete for most of eight hours.
Light duty can be offered for six weeks: scanning and labels, no lifting over 15 pounds.
"""
KNEE_PROGRESS = (
    """Progress note: right knee, five weeks after replacement
Flexion 88 degrees, five weeks ago 58.
Extension lacks 8 degrees, five weeks ago 15.
Timed rise and walk: 17 seconds, with a stick.
Stairs: one at a time, with a rail.""",
    """Plan of care
Twice a week for four weeks, then once a week for two.
Goals for daily living: stairs foot over foot, getting in and out of a
car, walking to the shop, half a mile, without a stick.
The patient does the home program on most days.""",
)
KNEE_ORDER = (
    """Orthopedic group: order for therapy
Right total knee replacement, five weeks ago.
Exercise and gait training, eight more visits.
No restriction of weight bearing.""",
)
CONDITIONING = (
    """Lakeside Clinic: letter of the treating physician
Left knee sprain seven weeks ago, healed without instability.
The patient wishes to return to a delivery round with
forty stops a day. A work conditioning program of
ten half days is asked for.""",
)
STRAY = (
    """Imaging report: left shoulder
No fracture. Mild wear of the joint below the collar bone.
Sent to the wrong file by the imaging center.""",
)
SPINE_NOTE = (
    """Clinic note: low back
Low back pain for nine months, worse when sitting and bending.
No pain below the knee. Strength and reflexes are even.
Pain 7 of 10 at its worst. Oswestry score 46.""",
    """Clinic note, page 2
Tried: therapy, 14 visits in three months; two kinds of tablets; no
injections to ligaments, none to the disc.
Smoking: stopped two years ago. No fracture, tumor or infection.
Plan: ablation of the basivertebral nerve, levels as on the MRI.""",
)
SPINE_MRI = (
    """MRI of the lumbar spine without contrast
Endplate changes of type 2 after Modic on both sides of L4-L5,
with loss of height of the disc. No fracture. No narrowing that
reaches a nerve. Other levels without change for the age.""",
)
SCOOTER_EXAM = (
    """Face-to-face examination: moving about at home
Stroke 14 months ago, weakness of the right side.
Walks with a cane, 20 feet, then rests. Fell twice in the last
month between bed and bathroom.
The right arm lifts to the chest and does not push a wheel.""",
    """Face-to-face examination, page 2
Sight corrected with glasses. Follows directions; plays cards.
Wants the scooter and has asked for it twice.
Lives with a son who works during the day.""",
)
SCOOTER_ORDER = (
    """Written order
Item: scooter with three wheels, standard weight, one.
Diagnosis: weakness of the right side after a stroke.
Length of need: lifetime. Signed and dated by the physician.""",
)
