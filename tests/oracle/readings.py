"""Points where the specification leaves room, or where the ledger is known to read it otherwise. Each has one name.

Turn one off to see what depends on it; docs/decisions/0026 says why each is as it is.
"""

# a state that begins by the run of a day (00:00Z) leaves that day charged.
DAY_OF_CHANGE_IS_CHARGED = True

# what corrects one meter of one closed period stands on a document together, or waits together.
CORRECTIONS_STAND_TOGETHER = True

# a void invoice no longer lists the payments that were given back on it.
VOID_FORGETS_WHAT_WAS_GIVEN_BACK = False

# 9.4.14: an account and a profile answer whoever holds a role somewhere below, though they are not among his billing
# scopes (SC-115).
SCOPES_ANSWER_FROM_BELOW = True

# what waits from an earlier period counts as usage of the period whose document cannot bear it either.
WAITING_ROWS_ARE_USAGE = True

# what a subscription bought before it went to another section stands in the present one, of another profile too.
PURCHASES_IN_THE_PRESENT_SECTION = True

# the instalments of a monthly reservation stay on the profile where it was bought.
INSTALMENTS_STAY_WHERE_BOUGHT = True

# negative rows that waited stand in the order of their positions, whatever their dates.
WAITING_ROWS_BY_POSITION = True

# 9.4.7: a run that is repeated may still close quiet months of Marketplace, and notice the overage of corrected usage.
REPEATED_RUN_CATCHES_UP = True
