"""The parts of the detector's card that people write; sentences with figures are in `failures`."""

from typing import Final

from models_store.training.detection.measure.froc import RATE
from models_store.training.detection.measure.matching import LEAST_HEIGHT, LEAST_OVERLAP, LEAST_SCORE

WHAT: Final = """\
Two small convolutional networks that find the faces in a photo, before anything is read from them. The first looks at
the photo once, for faces of four sizes, without anchors (FCOS, Tian et al. 2019), and gives each a score from 0 to 1
and the rectangle from the hair line to the chin. The second looks at each face and sets five landmarks: both eyes, the
nose and both corners of the mouth. They were trained from random weights, without any other face data.

It finds faces; it does not recognise anybody. It has no output from which two photos of one person could be matched,
and no output for age, gender, race or expression."""

DATA: Final = """\
Whole photographs from public repositories, listed one by one with their licences in `sources.csv` beside them; many
state none, so the weights are for research. The boxes and landmarks to learn from are a strong detector's, run at two
scales, and people's boxes of masked faces. Single faces of UTKFace, for non-commercial research only, and of FER2013
are put into some of the training pictures. None of the photos is shown here or copied into the repository. The test
photos come from other sources or events than the training photos, but for a part of those with masks."""

METHOD: Final = f"""\
Measured on the int8 networks as they serve. A face is demanded when the strong detector found it with a score of
{LEAST_SCORE:g} or more and it is {LEAST_HEIGHT:g} pixels high or more. A box finds a face from an overlap
(intersection over union) of {LEAST_OVERLAP:g} on, the surest box first, each face once. A box on a smaller or less
certain face, or on one that only a person drew, is neither right nor false; every other box is false, and so is a
second one on the same face. Unless a line says otherwise, the threshold is the one at which the part has {RATE:g} false
boxes a photo, photos without faces included. "As shipped" is the threshold that serves. Landmark errors are means over
the faces found, in shares of the distance between the eyes; "not turned far" leaves out faces whose eyes are nearer to
each other than a quarter of the face's size. Brackets are 95 % intervals of a bootstrap over whole photos. Working
size and threshold were chosen on the validation photos; the test photos chose nothing. Haar is OpenCV's cascade as
Facet runs it; it has no landmarks."""

TOLERANCE: Final = """\
The same test photos, made worse by known amounts, at the threshold of the unchanged photos. A turned photo stands on a
larger grey canvas; amounts of blur are pixels of photos of 400 to 640 pixels; "covered" hides the lower part of each
face behind grey, as a mask or a scarf would."""

USES: Final = """\
## Uses

Intended: finding the faces in photos of people who have agreed to it, so that a person can look at what is then
estimated; research and teaching.

Not allowed: commercial use of these weights; counting, following or identifying people; watching a place; any use on
people who have not agreed. A face that is not found gets no answer: never take "no face found" for "nobody there"."""
