"""`lec10 completion`: prints the script that teaches a shell the commands, their flags and their values."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")

HELP = """Print the completion script of a shell (by default the one you are in).

\b
bash   lec10 completion bash > ~/.local/share/bash-completion/completions/lec10
zsh    lec10 completion zsh  > "${fpath[1]}/_lec10"
fish   lec10 completion fish > ~/.config/fish/completions/lec10.fish
"""


@click.command("completion", help=HELP)
@click.argument("shell", type=click.Choice(SHELLS), metavar="[SHELL]", required=False)
def command(shell: str | None) -> None:
    """Print the script; raises UsageError when the shell is none of the three."""
    chosen = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(chosen) if chosen in SHELLS else None
    if found is None:
        raise click.UsageError(f"name a shell: {', '.join(SHELLS)}", click.get_current_context())
    click.echo(found(click.Group("lec10"), {}, "lec10", "_LEC10_COMPLETE").source())
