"""Fetching full sets: kept only when checked, and never at the cost of what was there."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import IncompleteRead
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

from lec10_tui.data.fetching import REMOTES, Remote, fetch, open_url
from lec10_tui.data.image_set import DataError
from lec10_tui.vocabulary.experiments import Places

FILES = {"a.gz": bytes(range(256)) * 1000, "b.gz": b"labels" * 77}


def remotes(at: str = "http://example.invalid/set") -> dict[str, tuple[Remote, ...]]:
    def remote(name: str) -> Remote:
        return Remote(f"{at}/{name}", len(FILES[name]), hashlib.sha256(FILES[name]).hexdigest())

    return {"one": (remote("a.gz"),), "two": (remote("a.gz"), remote("b.gz"))}


class Web:
    """A fake of the network that serves FILES; `broken` makes the body of one address."""

    def __init__(self, broken: dict[str, Callable[[bytes], io.BufferedIOBase]] | None = None) -> None:
        self.opened: list[str] = []
        self.closed = 0
        self.broken = broken or {}

    @contextmanager
    def __call__(self, url: str) -> Iterator[io.BufferedIOBase]:
        name = url.rpartition("/")[2]
        self.opened.append(name)
        try:
            yield self.broken.get(name, io.BytesIO)(FILES[name])
        finally:
            self.closed += 1


class Breaking(io.BytesIO):
    """Gives half of its bytes and then raises."""

    def __init__(self, data: bytes, error: BaseException) -> None:
        super().__init__(data[: len(data) // 2])
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise self.error
        return piece


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(assets=tmp_path / "assets", checkpoints=tmp_path / "checkpoints", home=tmp_path / "home")


def lying(places: Places) -> dict[str, bytes]:
    """Every file under the home folder."""
    return {str(p.relative_to(places.home)): p.read_bytes() for p in places.home.rglob("*") if p.is_file()}


def test_files_are_fetched_and_progress_is_told(places: Places) -> None:
    web, heard = Web(), []
    where = fetch("two", places, lambda count, total: heard.append((count, total)), web, remotes())
    assert where == places.home / "data" / "two"
    assert lying(places) == {"data/two/a.gz": FILES["a.gz"], "data/two/b.gz": FILES["b.gz"]}
    total = sum(map(len, FILES.values()))
    assert heard[-1] == (total, total) and len(heard) > 3
    assert heard == sorted(heard) and {told for _, told in heard} == {total}
    assert web.opened == ["a.gz", "b.gz"] and web.closed == 2
    assert sorted(path.name for path in (places.home / "data").iterdir()) == ["two"]


def test_a_set_of_one_file_is_that_file(places: Places) -> None:
    assert fetch("one", places, quiet, Web(), remotes()) == places.home / "data" / "one" / "a.gz"


def test_what_is_whole_is_not_fetched_again(places: Places) -> None:
    fetch("two", places, quiet, Web(), remotes())
    again = Web()
    fetch("two", places, quiet, again, remotes())
    assert again.opened == []
    (places.home / "data" / "two" / "b.gz").write_bytes(FILES["b.gz"][::-1])
    fetch("two", places, quiet, again, remotes())
    assert again.opened == ["b.gz"]
    assert lying(places)["data/two/b.gz"] == FILES["b.gz"]


def quiet(count: int, total: int | None) -> None:
    """Hear the progress."""


LINES: dict[str, tuple[Callable[[bytes], io.BufferedIOBase], str]] = {
    "short": (lambda data: io.BytesIO(data[:99]), "the line broke after 99 of 462 bytes; try again"),
    "empty": (lambda data: io.BytesIO(), "the line broke after 0 of 462 bytes"),
    "reset": (
        partial(Breaking, error=ConnectionResetError(104, "Connection reset by peer")),
        "Connection reset by peer",
    ),
    "silent": (partial(Breaking, error=TimeoutError("timed out")), "can't be fetched (timed out)"),
    "incomplete": (partial(Breaking, error=IncompleteRead(b"", 9)), "IncompleteRead"),
    "other": (lambda data: io.BytesIO(data[::-1]), "what came has sha256"),
    "longer": (lambda data: io.BytesIO(data + b"x" * 10**6), "what came has sha256"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_broken_line_leaves_everything_as_it_was(places: Places, case: str) -> None:
    body, told = LINES[case]
    folder = places.home / "data" / "two"
    folder.mkdir(parents=True)
    (folder / "a.gz").write_bytes(b"older")
    (folder / "mine.txt").write_text("kept")
    before, web = lying(places), Web({"b.gz": body})
    with pytest.raises(DataError) as caught:
        fetch("two", places, quiet, web, remotes())
    assert told in str(caught.value) and "http://example.invalid/set/b.gz" in str(caught.value)
    assert str(caught.value).isprintable()
    assert lying(places) == before
    assert [path.name for path in (places.home / "data").iterdir()] == ["two"]
    assert web.closed == 2


def test_an_interrupt_leaves_nothing(places: Places) -> None:
    web = Web({"b.gz": partial(Breaking, error=KeyboardInterrupt())})
    with pytest.raises(KeyboardInterrupt):
        fetch("two", places, quiet, web, remotes())
    assert list((places.home / "data").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (URLError(OSError(-2, "Name or service not known")), "Name or service not known"),
        (HTTPError("u", 404, "Not Found", None, None), "Not Found"),  # type: ignore[arg-type]
        (TimeoutError("timed out"), "timed out"),
    ],
)
def test_an_address_that_cannot_be_reached(places: Places, error: OSError, told: str) -> None:
    def fails(url: str) -> contextmanager:  # type: ignore[valid-type]
        raise error

    with pytest.raises(DataError, match=f"a.gz: can't be fetched .*{told}.*; look at the network and try again"):
        fetch("one", places, quiet, fails, remotes())
    assert list((places.home / "data").iterdir()) == []


def test_a_home_that_cannot_be_written(places: Places) -> None:
    places.home.write_text("a file, not a folder")
    with pytest.raises(DataError, match=r"can't be written \(Not a directory\); make room there, or set LEC10_HOME"):
        fetch("one", places, quiet, Web(), remotes())


def test_only_known_sets_are_fetched(places: Places) -> None:
    with pytest.raises(DataError, match="'digits': can't be fetched; one of mnist, fashion-mnist can"):
        fetch("digits", places, quiet, Web())


def test_the_addresses_are_complete() -> None:
    assert set(REMOTES) == {"mnist", "fashion-mnist"}
    for remote in (remote for files in REMOTES.values() for remote in files):
        assert remote.url.startswith("http") and remote.name.endswith((".npz", ".gz"))
        assert len(bytes.fromhex(remote.sha256)) == 32 and remote.size > 5000


class Handler(BaseHTTPRequestHandler):
    """Serves FILES; `b.gz` breaks off in the middle when the server says so."""

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        if name not in FILES:
            self.send_error(404)
            return
        data = FILES[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:100] if self.path.startswith("/broken/") and name == "b.gz" else data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join(5)
    server.server_close()


def test_over_a_real_line(places: Places, address: str) -> None:
    fetch("two", places, quiet, open_url, remotes(f"{address}/set"))
    assert lying(places) == {"data/two/a.gz": FILES["a.gz"], "data/two/b.gz": FILES["b.gz"]}


def test_over_a_real_line_that_breaks(places: Places, address: str) -> None:
    with pytest.raises(DataError, match="the line broke after 100 of 462 bytes"):
        fetch("two", places, quiet, open_url, remotes(f"{address}/broken"))
    gone = {"gone": (Remote(f"{address}/c.gz", 9, "00"),)}
    with pytest.raises(DataError, match=r"c.gz: can't be fetched \(Not Found\)"):
        fetch("gone", places, quiet, open_url, gone)
    assert list((places.home / "data").iterdir()) == []
