"""What goes wrong with files, as one line that names the file."""

from __future__ import annotations


class RunError(Exception):
    """A file or folder can't be read, written or changed; the message is one printable line that names it."""

    def __init__(self, message: str) -> None:
        line = " ".join(message.split())
        super().__init__("".join(character if character.isprintable() else "?" for character in line))


class Damaged(RunError):
    """What a file holds is not what it should hold; an older checkpoint may still be good."""


def one_line(error: BaseException) -> str:
    """What an error of the operating system says, without its number and path."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text or type(error).__name__
