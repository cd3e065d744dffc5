"""The kinds of fault, and what holds under each."""


class NotRun(Exception):
    """The machine lacks what the row needs."""


CLAIMS = {
    1: ("kill -9 at a random instant", "what was acknowledged is there once; nothing is there twice, nothing is missing"),
    2: ("kill -9 at named points", "the same"),
    3: ("power loss on a real file system", "the same"),
    4: ("power loss on a simulated disk", "the same"),
    5: ("errors of reads, writes and syncs", "no answer follows them; the process ends with 74 and recovers when it starts"),
    6: ("damaged, missing and misplaced files", "found before any figure leaves; the message names the file; what is undamaged can be read out"),
    7: ("full disk", "nothing acknowledged is lost; below a floor writes are refused and reads go on; the ledger goes on when there is room again"),
    8: ("clocks that jump", "order, keys and tokens do not depend on them"),
    9: ("duplicate, reordered and late usage", "the same charges"),
    10: ("slow and malicious clients", "others do not notice"),
    11: ("10,000 connections", "little memory each, no stall"),
    12: ("oversized, deep and hostile JSON", "refused in bounded time and memory"),
    13: ("malformed FlatBuffers", "refused"),
    14: ("ambiguous HTTP framing", "refused, and the connection is closed"),
    15: ("requests of others' things", "as if they were not there"),
    16: ("an event that a view cannot fold", "that view stops visibly, all else goes on"),
    17: ("a crash inside a rebuild, backup or restore", "nothing half-made is served or called by its name; repeating it works"),
    18: ("directories of earlier versions", "open, verify and rebuild to the same bytes"),
    19: ("two processes, racing clients", "the second one is refused; one winner each race"),
    20: ("too little memory", "nothing is lost"),
    21: ("arithmetic of money", "exact, conserved"),
    22: ("tampering below a signed head", "two verifiers without common code find it and name the first bad position"),
    23: ("erasure of a person", "what was personal cannot be read again"),
    24: ("an older copy put back", "the first request with a newer token is told"),
    25: ("long running", "memory, descriptors and threads stay flat"),
    26: ("known faults of the storage engine", "stay closed"),
}
