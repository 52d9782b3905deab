"""KL per dimension: which dimensions of z carry anything."""

from __future__ import annotations

from textual.app import ComposeResult

from lec10_tui.drawing.bars import Bar
from lec10_tui.lessons.vae.frame import LatentUse
from lec10_tui.lessons.vae.screen.shapes import subscript
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.bars import Bars
from lec10_tui.widgets.panel import Panel


class UsePanel(Panel):
    """One bar a dimension, held-out mean KL in nats; inactive ones stand back."""

    NAME = "use"
    TITLE = "KL per dimension"
    TAB = "KL"
    MINIMUM = (14, 2)
    ABOUT = (
        "KL(q(z|x) ‖ p(z)) of each dimension, mean over the held-out images, in nats.",
        "A dimension is active when its mean μ varies over the held-out images with variance > 0.01.",
    )

    def compose(self) -> ComposeResult:
        """The bars."""
        self.bars = Bars(colour="kl", sort=True)
        yield self.bars

    def wanted(self) -> tuple[Wanted, ...]:
        """The use of each dimension."""
        return (Wanted("latent_use", max_age=0.0),)

    def show(self, report: Report) -> None:
        """Draw the bars, the largest first when they do not all fit."""
        assert report.frame is not None
        part = report.frame.parts.get("latent_use")
        if not isinstance(part, LatentUse):
            return
        self.bars.ascii = self.look.ascii
        self.bars.sort = len(part.kl) > self.room.height
        pairs = zip(part.kl.tolist(), part.active.tolist(), strict=True)
        self.bars.show(
            [
                Bar(f"z{subscript(number, self.look.ascii)}", kl, active, "" if active else "inactive")
                for number, (kl, active) in enumerate(pairs, start=1)
            ]
        )
        active = f"{int(part.active.sum())} of {len(part.kl)}"
        short = self.look.text("KL zᵢ", "KL z_i")
        self.title = self.TITLE if self.room.width >= 28 else short
        self.subtitle = f"{active} active" if self.room.width >= 32 else active

    def as_text(self) -> str:
        """The bars as they are drawn."""
        return self.bars.as_text()
