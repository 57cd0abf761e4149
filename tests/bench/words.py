"""Prose in made-up words: a vocabulary with Zipf's weights, and sentences that a reader takes for
text, never for a heading, a code or the introduction of a list."""

from functools import cache
from itertools import accumulate, product
from random import Random


def listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMMON = listed("""
treatment member therapy device care study group evidence benefit patient symptom clinician
service review trial pain outcome joint nerve muscle tissue vessel pressure movement strength
function weight sleep breath measure score dose week month year visit session plan record
diagnosis finding course change response relief risk harm repair implant graft stent scan image
sample assay gene marker protein cell lamp brace splint chair mattress pump sensor valve lead coil
probe needle suture dressing ointment tablet infusion injection transfusion exercise training
education diet home clinic hospital ward family nurse physician surgeon therapist supplier adult
child infant elder injury wound burn fracture sprain tear strain infection fever tumor growth
lesion cyst stone ulcer rash edema tremor seizure stroke palsy deformity contracture scar moderate
severe mild chronic acute early late stable rapid steady partial distal proximal upper lower left
right deep broad narrow frequent rare
""")
GLUE = listed("""
the of with for in a by from after before during under without between about than
""")
STEMS = listed("""
cardio neuro osteo gastro hepato nephro dermo arthro myo angio broncho cysto entero laryngo masto
ophthalmo oto rhino spleno thoraco uro veno vertebro adeno chondro cranio cyto fibro glosso hemo
histo kerato lipo lympho meningo odonto oro patho pelvo phlebo pneumo procto pyelo radio sialo
spondylo teno tracheo vaso viscero
""")
ENDINGS = listed("""
pathy plasty scopy tomy genesis gram graphy lysis megaly metry stasis trophy ptosis rrhage plegia
algia ectomy stomy desis pexy sclerosis spasm phasia tropism kinesis therapy
""")


@cache
def vocabulary() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Some 12,000 words, the common ones first, and their weights added up."""
    random = Random("vocabulary")
    short = [stem + ending for stem, ending in product(STEMS, ENDINGS)]
    long = [one + other for one, other in product(STEMS, short) if one not in other]
    random.shuffle(short)
    words = (*COMMON, *short, *random.sample(long, 10_500))
    return words, tuple(accumulate(1 / (rank + 12) for rank in range(len(words))))


class Prose:
    """Words, phrases and paragraphs from one random source."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def words(self, count: int) -> list[str]:
        known, weights = vocabulary()
        return self.random.choices(known, cum_weights=weights, k=count)

    def phrase(self, count: int) -> str:
        """Words with small words between some of them."""
        glue = self.random.choices(GLUE, k=count)
        return " ".join(
            f"{small} {word}" if at % 3 == 2 else word
            for at, (word, small) in enumerate(zip(self.words(count), glue, strict=True))
        )

    def title(self, count: int) -> str:
        return " ".join(word.capitalize() for word in self.words(count))

    def sentence(self) -> str:
        return self.phrase(self.random.randint(6, 16)).capitalize() + "."

    def paragraph(self, length: int) -> str:
        """Sentences that come to about so many characters."""
        sentences, size = [], 0
        while size < length:
            sentences.append(self.sentence())
            size += len(sentences[-1]) + 1
        return " ".join(sentences)
