"""Facts: frozen values computed from a snapshot, a change or a tool run, once, on demand.

One module a family. A fact is a class with one classmethod `of` whose parameters name
what it is computed from; a rule asks for it by its type.
"""

from dodcheck.change import Both, Change, ChangedFile, Snapshot

__all__ = ["Both", "Change", "ChangedFile", "Snapshot"]
