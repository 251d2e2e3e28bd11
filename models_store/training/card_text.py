"""The parts of the model card that people write; figures come from the record."""

from typing import Final

WHAT: Final = """\
A small residual network (FaceTrio-R) that reads one grey 64 x 64 face and estimates three things at once: the
apparent age in years, the gender as it appears (female or male), and which of eight expressions is shown. It has no
output for race and never saw a race label. It was trained from random weights, without any other face data."""

DATA: Final = """\
FER+ gives expressions only and UTKFace gives age and gender only; each head learns from the faces that carry its
label. Ages and genders in UTKFace were estimated by a program and checked by people; pixel-identical twins in the
original set (dropped here) disagree by 4.3 years on average and, in a tenth of cases, on gender. Two panels of ten
people agree on the FER+ majority for about 92 % of pictures, so figures near that are noise."""

FIGURES: Final = """\
Measured on the int8 network with its calibration, as it serves. Brackets are 95 % bootstrap intervals over faces;
they say nothing of other cameras or other people. FER+ uses the official filter (3,191 validation and 3,137 test
pictures); "clean of twins" leaves out pictures found, pixel for pixel, in an earlier split, which were also removed
from training. Checkpoint, temperatures and thresholds were chosen on the validation splits, the age interval on
faces cut from UTKFace train; the test splits chose nothing. "When sure" counts only faces that get an answer.
"Interval" is the 90 % age interval. The age MAE is in years."""

LIMITS: Final = """\
## Known failures

- Rare expressions: disgust, contempt and fear make up 3 % of the training pictures. Fear and disgust are mostly
  missed, contempt is practically never shown as the answer; their recalls above rest on very few faces.
- Age is drawn towards the middle: children over three and teenagers are read as older, the old as younger, see the
  bias by age. The 90 % interval holds less often for those groups than its name says.
- Some children are read as adults; never use the age to decide what a child may see or do.
- Gender is often wrong or withheld for children, and is never given below three years of predicted age. The labels
  are binary and of appearance; the network can say nothing about who a person is.
- Profile views, masks and strong shadow were rare in training; faces under about 40 pixels were not measured.
- The intervals and confidences hold for faces like those of the data sets. On other pictures they are too optimistic.
- Quality for different groups of people has not been measured for this version."""

USES: Final = """\
## Uses

Intended: research, teaching and demonstrations with the consent of the people in the photo, where a person sees the
estimate, its uncertainty, and can correct it. "Expression shown" means what most of ten annotators would call the
face, not what the person feels.

Not allowed: commercial use of these weights; deciding on anybody's work, schooling, credit, insurance, housing,
health, asylum or policing; checking a legal age; inferring feelings, honesty or intent; identifying or following
people; any use on people who have not agreed."""
