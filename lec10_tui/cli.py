"""The command line: finds the command that was meant, and turns whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import click
from click.shell_completion import shell_complete

from lec10_tui import __version__
from lec10_tui.commands.lazy import LazyGroup
from lec10_tui.lessons import CONTENTS

FAILED, INTERRUPTED = 1, 130

LESSONS = {lesson.name: ("lec10_tui.commands.contents:lesson_command", lesson.title) for lesson in CONTENTS}
COMMANDS = {
    "open": ("lec10_tui.commands.contents:open_run", "open a saved run, or go on with the newest"),
    "run": ("lec10_tui.commands.run:command", "run a lesson without a screen"),
    "evaluate": ("lec10_tui.commands.evaluate:command", "how good a run or a shipped model is on fresh data"),
    "rollout": ("lec10_tui.commands.rollout:command", "one episode of a policy, step by step"),
    "draw": ("lec10_tui.commands.draw:command", "draw a run's latent grid, reconstructions or samples as a PNG"),
    "runs": ("lec10_tui.commands.runs:command", "list, rename, delete and prune saved runs"),
    "data": ("lec10_tui.commands.data:command", "list data sets, and fetch the full ones"),
    "bench": ("lec10_tui.commands.bench:command", "measure lec10 on this machine"),
    "completion": ("lec10_tui.commands.completion:command", "print the shell's completion script"),
}

EXAMPLES = """\b
lec10                                  the contents
lec10 vae --latent-dim 20              a lesson, with knobs set
lec10 run vae --epochs 30 --json       the same lesson without a screen
lec10 rollout reinforce-cartpole       one episode, step by step
lec10 COMMAND --help                   what a command takes
"""


@click.group(
    cls=LazyGroup,
    sections={"Lessons": LESSONS, "Commands": COMMANDS},
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="One lecture on generative models and policy gradients, as an instrument in a terminal.",
    epilog=EXAMPLES,
)
@click.option("--ascii", is_flag=True, help="Draw with ASCII characters alone.")
@click.option("--theme", metavar="NAME", help="Colours: lec10-dark, lec10-light, lec10-projector or one of Textual's.")
@click.version_option(__version__, "--version", prog_name="lec10", message="%(prog)s %(version)s")
@click.pass_context
def lec10(context: click.Context, ascii: bool, theme: str | None) -> int | None:
    """Open the contents when no command is given; a command finds `ascii` and `theme` in `context.obj`."""
    context.obj = {"ascii": ascii, "theme": theme}
    if context.invoked_subcommand is not None:
        return None
    from lec10_tui.commands.contents import open_app

    return open_app(ascii=ascii, theme=theme)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run `lec10` and leave: 0 done, 1 failed, 2 misused, 128 + the signal that ended it; never a traceback."""
    # OpenMP reads this once, when torch is imported; spinning threads starve the screen.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Textual lets what a key changed wait for its next frame; a sixtieth of a second is too long a wait.
    os.environ.setdefault("TEXTUAL_FPS", "1000")
    code = _flushed(_guarded(sys.argv[1:] if arguments is None else list(arguments)))
    if any(thread.daemon for thread in threading.enumerate()):
        # Native code (a torch import, say) that still runs on a thread would be torn down under it, with an abort.
        os._exit(code)
    sys.exit(code)


def _guarded(arguments: list[str]) -> int:
    # click's own `main` exits by itself, and turns a closed pipe into a failure.
    try:
        if instruction := os.environ.get("_LEC10_COMPLETE"):
            return shell_complete(lec10, {}, "lec10", "_LEC10_COMPLETE", instruction)
        with lec10.make_context("lec10", arguments) as context:
            return lec10.invoke(context) or 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return 0
    except Exception as error:
        from lec10_tui.commands.mishaps import explain

        line, code = explain(error)
        return _say(line, code)


def _say(line: str, code: int) -> int:
    with suppress(OSError, ValueError):  # Where nobody listens any more, the exit code still tells.
        print(f"lec10: {line}", file=sys.stderr, flush=True)
    return code


def _flushed(code: int) -> int:
    """Flush standard output now, so that a closed pipe or a full disk is met here and not at interpreter shutdown."""
    if sys.stdout is None:
        return code
    try:
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered would be tried again at exit, and complained about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            return _say(f"standard output: {error.strerror}", FAILED)
    return code
