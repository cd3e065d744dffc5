"""Points where the specification leaves room, or where the ledger is known to read it otherwise. Each has one name.

Turn one off to see what depends on it; docs/decisions/0026 says why each is as it is.
"""

# a state that begins by the run of a day (00:00Z) leaves that day charged.
DAY_OF_CHANGE_IS_CHARGED = True

# what corrects one meter of one closed period stands on a document together, or waits together.
CORRECTIONS_STAND_TOGETHER = True

# 9.4.7: a run that is repeated may still notice the overage of usage that was corrected after the notice was due.
NOTICES_CATCH_UP = True

# 2.1: a refund is no reason to take back what a credit note gave for another one, whichever document the refund stands on.
NOTES_STAY_BESIDE_REFUNDS = True

# a run that is performed late leaves notes of what has no further period to the next: they may have come since its day.
LATE_RUNS_LEAVE_LAST_NOTES = True
