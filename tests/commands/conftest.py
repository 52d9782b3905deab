"""The shell in which the tests of this room give their commands."""

from __future__ import annotations

import pytest
from commands_shell import Shell


@pytest.fixture
def lec10(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Gives a command in this process."""
    # As `main` leaves, threads that other tests left behind must not end the test run.
    monkeypatch.setattr("lec10_tui.cli.threading.enumerate", lambda: [])
    return Shell(capsys)
