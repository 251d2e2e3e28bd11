"""The parts of the model card that people write; sentences with figures are in `failures` and come from the record."""

from typing import Final

from models_store.training.measure.record import Report
from vision.preprocessing import INPUT_SIZE

WHAT: Final = f"""\
A small residual network (FaceTrio-R) that reads one grey {INPUT_SIZE} x {INPUT_SIZE} face and estimates three
things at once: the apparent age in years, the gender as it appears (female or male), and which of eight expressions
is shown. It has no output for race and never saw a race label. It was trained from random weights, without any other
face data."""

GOALS: Final = """\
What was set out to be reached, and what the int8 network, alone and with one look at each face, reaches. A goal is met
when the value itself is; brackets are 95 % bootstrap intervals. Speed depends on the machine: `make evaluate` and
`make bench` measure it on the one at hand."""

DATA: Final = """\
UTKFace may be used for non-commercial research only; FER2013's pictures, which FER+ labels, are for research. The
weights come under the same terms.

FER+ gives expressions only and UTKFace gives age and gender only; each head learns from the faces that carry its
label. Ages and genders in UTKFace were estimated by a program and checked by people; pixel-identical twins in the
original set (dropped here) disagree by 4.3 years on average and, in a tenth of cases, on gender. Two panels of ten
people agree on the FER+ majority for about 92 % of pictures, so figures near that are noise."""

GROUPS: Final = """\
Race, gender and age are the labels of UTKFace: guesses of a program, checked by people, in the data set's own words.
The race labels were read for this table and for the picture alone. Gender figures count faces from 3 years. Groups of
fewer than 50 faces are marked † and say little; those of fewer than 10 are left out. Worst and best are picked among
groups of 50 faces or more; because they are picked, gaps come out a little large."""

USES: Final = """\
## Uses

Intended: research, teaching and demonstrations with the consent of the people in the photo, where a person sees the
estimate, its uncertainty, and can correct it. "Expression shown" means what most of ten annotators would call the
face, not what the person feels.

Not allowed: commercial use of these weights; deciding on anybody's work, schooling, credit, insurance, housing,
health, asylum or policing; checking a legal age; inferring feelings, honesty or intent; identifying or following
people; any use on people who have not agreed."""


def figures(report: Report) -> str:
    """How the figures were measured."""
    valid, test = (report[f"FER+ {split}, emotion"]["accuracy, official"].n for split in ("valid", "test"))
    return f"""\
Measured on the int8 network with its calibration, as it serves. Brackets are 95 % bootstrap intervals over faces;
they say nothing of other cameras or other people. FER+ uses the official filter ({valid:,} validation and {test:,} test
pictures); "clean of twins" leaves out pictures found, pixel for pixel, in an earlier split, which were also removed
from training. Checkpoint, temperatures and thresholds were chosen on the validation splits, the age interval on
these and on faces cut from UTKFace train, so validation figures flatter a little; the test splits chose nothing. "When
sure" counts only faces that get an answer.
"Interval" is the 90 % age interval; MAE, bias and width are in years. ECE has 15 bins of equally many faces; Brier sums
over the classes (0 to 2); AURC is the mean error over all shares of answers kept, the surest first."""
