"""How a pupil is registered at a school, as the school census records it.

Source: DfE, Common Basic Data Set, enrolment status; School Census guides. A pupil registered at two schools is
``M`` at the main one and ``S`` at the subsidiary one; each marks ``D`` where the pupil is due at the other.
"""

SINGLE = "C"
DUAL = ("M", "S")
# Guest, further education college, other provider, and a registration that has ended.
OTHERS = ("G", "F", "O", "P")
ENROLMENT_STATUSES = (SINGLE, *DUAL, *OTHERS)
