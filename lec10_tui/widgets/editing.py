"""A line of text under a cursor, as a frozen value that keys turn into the next one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What is being typed and where the cursor stands in it."""

    text: str = ""
    cursor: int = 0

    @classmethod
    def holding(cls, text: str) -> Line:
        """A line that holds `text`, the cursor at its end."""
        return cls(text, len(text))

    def put(self, text: str) -> Line:
        """The line with `text` typed or pasted at the cursor; only its first line, without control characters."""
        first = text.splitlines()[0] if text else ""
        clean = "".join(character for character in first if character.isprintable())
        return Line(self.text[: self.cursor] + clean + self.text[self.cursor :], self.cursor + len(clean))

    def after(self, key: str, character: str | None) -> Line:
        """The line after a key was pressed; the same line when the key means nothing to it."""
        cursor, text = self.cursor, self.text
        if key in ("left", "ctrl+b"):
            return Line(text, max(cursor - 1, 0))
        if key in ("right", "ctrl+f"):
            return Line(text, min(cursor + 1, len(text)))
        if key in ("home", "ctrl+a"):
            return Line(text, 0)
        if key in ("end", "ctrl+e"):
            return Line(text, len(text))
        if key in ("backspace", "ctrl+h"):
            return Line(text[: max(cursor - 1, 0)] + text[cursor:], max(cursor - 1, 0))
        if key in ("delete", "ctrl+d"):
            return Line(text[:cursor] + text[cursor + 1 :], cursor)
        if key == "ctrl+u":
            return Line(text[cursor:], 0)
        if character is not None and character.isprintable():
            return self.put(character)
        return self
