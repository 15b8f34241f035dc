"""Commands and other code in prose, and the dependencies that prose lists."""

import re
from collections.abc import Iterator

import msgspec

_FENCE = re.compile(r"^\s*(?:>\s*)?(```|~~~)")
_SPAN = re.compile(r"(`+)(.+?)\1")
_INDENTED = re.compile(r"^(?: {4}|\t| {2,3}(?=[$>%] ))")
_PROMPT = re.compile(r"^(?:[$%>#]\s+|\([\w.-]+\)\s*\$\s*|sudo\s+|RUN\s+|-\s+)+")
_LIST_TITLE = re.compile(r"requirement|dependenc|prerequisite|install|set[- ]?up|built (with|on)|stack", re.IGNORECASE)
_INSTALL = re.compile(
    r"\b(?:pip[x3]?|conda|mamba|micromamba|uv|poetry|pipenv|pdm|rye)\s+(?:\S+\s+)?(?:install|add|inject)\s"
)
_HEADING = re.compile(r"^#{1,6}\s+(.+)$")
_UNDERLINE = re.compile(r"^([=\-~^\"'*+])\1{2,}\s*$")

_IMPORTED = {
    "beautifulsoup4": "bs4", "pillow": "pil", "pyyaml": "yaml", "scikit-learn": "sklearn", "scikit-image": "skimage",
    "opencv-python": "opencv|cv2", "opencv-python-headless": "opencv|cv2", "python-dotenv": "dotenv", "pyjwt": "jwt",
    "python-dateutil": "dateutil", "psycopg2-binary": "psycopg2", "psycopg-binary": "psycopg", "torch": "pytorch",
    "python-jose": "jose", "python-multipart": "multipart", "mysqlclient": "mysqldb", "pyserial": "serial",
    "protobuf": "google.protobuf", "attrs": "attr", "python-magic": "magic", "gitpython": "git python|gitpython",
    "huggingface-hub": "hugging ?face", "faiss-cpu": "faiss", "faiss-gpu": "faiss", "tensorflow-cpu": "tensorflow",
}  # fmt: skip


class Listing(msgspec.Struct, frozen=True):
    """A part of a document that names dependencies: an install command, or a section about requirements.

    Args:
        line: 1-based first line.
        text: The part.
    """

    line: int
    text: str


def code_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the commands and code spans of a document, each with its 1-based line, prompts dropped."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if _FENCE.match(line):
            fenced = not fenced
            continue
        snippets = [line] if fenced or _INDENTED.match(line) else []
        snippets += [found[2] for found in _SPAN.finditer(line)] if not fenced else []
        for snippet in snippets:
            for part in re.split(r"&&|\|\||;|\|", snippet):
                if bare := _PROMPT.sub("", part.strip()):
                    yield number, bare


def listings_in(text: str) -> Iterator[Listing]:
    """Yield install commands, and the sections whose heading speaks of requirements."""
    for number, command in code_in(text):
        if _INSTALL.search(command):
            yield Listing(number, command)
    start, kept = 0, list[str]()
    previous, marked = "", False
    for number, line in enumerate([*text.splitlines(), "# end"], 1):
        heading = _HEADING.match(line)
        title = heading[1] if heading else previous if _UNDERLINE.match(line) and previous.strip() else None
        if title is not None:
            if marked and kept:
                yield Listing(start, "\n".join(kept))
            marked, start, kept = bool(_LIST_TITLE.search(title)), number, []
        elif marked:
            kept.append(line)
        previous = line


def naming(distribution: str) -> re.Pattern[str]:
    """Return what finds a distribution in prose: its name in any spelling, or its usual import name."""
    loose = re.escape(distribution).replace(r"\-", "[-_. ]?")
    either = "|".join(filter(None, (loose, _IMPORTED.get(distribution))))
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)
