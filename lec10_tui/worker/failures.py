"""Failures: any exception as the words a person reads."""

from __future__ import annotations

import traceback
from collections.abc import Mapping

from lec10_tui.vocabulary.reports import Failure, RunFailed

START_AGAIN = "start again, or open the run as it was last saved"

_PACKAGE = __name__.partition(".")[0]


def describe(error: Exception, knobs: Mapping[str, object], advice: str = START_AGAIN) -> Failure:
    """The failure that `error` is: our own exceptions carry one clear line that is shown as it is, others `advice`."""
    detail = "".join(traceback.format_exception(error))
    if isinstance(error, RunFailed):
        return Failure(error.what, error.advice, knobs, detail)
    if type(error).__module__.partition(".")[0] == _PACKAGE:
        return Failure(str(error), "", knobs, detail)
    words = " ".join(str(error).split())
    return Failure(f"{type(error).__name__}: {words}" if words else type(error).__name__, advice, knobs, detail)
