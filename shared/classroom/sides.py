"""The read sides of the classroom, in the order in which a reader would look: people, schools, cohorts,
courses, learners.
"""

from shared.classroom.cohorts import COHORT_SIDE
from shared.classroom.contents import CONTENT_SIDE
from shared.classroom.learners import LEARNER_SIDE
from shared.classroom.orgs import ORG_SIDE
from shared.classroom.people import PERSON_SIDE

CLASSROOM_SIDES = (PERSON_SIDE, ORG_SIDE, COHORT_SIDE, CONTENT_SIDE, LEARNER_SIDE)
