"""Takes the pictures in docs/pictures anew: parts of a real report, of sandboxes.

`python docs/pictures.py` needs Chromium or Chrome. Run it when the report has changed.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import socialmetrics as sm
from socialmetrics.cli.sandboxes import reach
from socialmetrics.connections import adapter_class
from socialmetrics.sandbox.server import serve

ROOM: Final = Path(__file__).parent / "pictures"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--no-first-run", "--force-device-scale-factor=1.5"),
    "--blink-settings=preferredColorScheme=1",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
LARGEST: Final = 200_000
OPTIONS: Final = {
    "sprout": {"per_minute": 100_000},
    "x": {"per_minute": 100_000},
    "hootsuite": {"per_second": 100_000},
}
METRICS: Final = (
    *("impressions", "likes", "comments", "link_clicks"),
    *("engagements.public", "followers"),
)
_LIKES: Final = "//h3[code='likes']/ancestor::*[starts-with(@id, 'metric-')][1]"
_PAIR: Final = "//article[contains(h4, '{}') and contains(h4, '{}')]//div[@class='gap']"
PICTURES: Final = {
    "figures": (1180, "//section[@id='figures']//table"),
    "waterfall": (860, _LIKES + _PAIR.format("X Engagement", "Hootsuite")),
    "unexplained": (860, _LIKES + _PAIR.format("Sprout Social", "X Engagement")),
    "days": (860, _LIKES + "//div[@class='daily']//figure"),
    "advice": (860, _LIKES + "//div[@class='advice']"),
}
"""The files; how wide they are, and the parts of the report in them, as XPath."""
ALONE: Final = """<style>
  html, body, main {{ margin: 0 !important; padding: 0 !important;
    max-width: none !important; scroll-margin: 0 !important }}
  body {{ padding: 12px 16px !important; width: auto !important }}
  .alone {{ display: none !important }}
  .around {{ margin: 0 !important; padding: 0 !important; border: 0 !important;
    background: none !important }}
</style><script>
  const found = document.evaluate("{path}", document, null, 7);
  const count = [...Array(found.snapshotLength).keys()];
  const kept = count.map(at => found.snapshotItem(at));
  const near = each => kept.some(one => one.contains(each) || each.contains(one));
  for (const each of document.body.querySelectorAll("*"))
    if (!near(each)) each.classList.add("alone");
    else if (each.open = true, !kept.some(one => one.contains(each)))
      each.classList.add("around");
  kept.forEach(each => each.style.margin = 0);
  document.title = kept.length && Math.ceil(document.body.scrollHeight);
</script></body>"""
"""Shows those parts of a page alone, and has their height for a title."""


def report(path: Path) -> None:
    """Compares three sandboxes, and writes the report."""
    with ExitStack() as stack:
        clients = dict(_clients(stack))
        week = sm.Window.days("2026-03-02", "2026-03-08")
        sm.gather(clients, "x:@acme", week, METRICS).compare().to_html(path)


def _clients(stack: ExitStack) -> Iterator[tuple[str, sm.Client]]:
    for name, options in OPTIONS.items():
        kind = adapter_class(name)
        box = kind.sandbox(**options)
        url = stack.enter_context(serve(box.app)).url
        given = reach(kind, url, box.credentials)
        client = sm.connect(
            name, **given, clock=box.now, budget=[(100_000, 60.0)], retry=None
        )
        yield kind.title, stack.enter_context(client)


def take(page: Path, path: str, width: int, picture: Path, browser: str) -> None:
    """A picture of those parts of the page, so wide."""
    text = page.read_text("utf-8").replace("Content-Security-Policy", "X-Nothing")
    alone = page.with_name(f"{picture.stem}.html")
    alone.write_text(text.replace("</body>", ALONE.format(path=path)), "utf-8")
    profile = f"--user-data-dir={page.parent / 'profile'}"
    run = [browser, *FLAGS, profile]
    told = _told([*run, "--dump-dom", f"--window-size={width},100", alone.as_uri()])
    height = re.search(r"<title>(\d+)</title>", told)
    if height is None or height[1] == "0":
        sys.exit(f"{picture.name}: the report has no {path}")
    size = f"--window-size={width},{height[1]}"
    _told([*run, f"--screenshot={picture}", size, alone.as_uri()])
    picture.write_bytes(smaller(picture.read_bytes()))


def _told(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603 - the browser that was found
    return done.stdout.decode()


def smaller(png: bytes) -> bytes:
    """The same picture, packed as densely as can be, without what is not seen."""
    chunks = [*_chunks(png)]
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    packed = zlib.compress(pixels, 9)
    kept = [(b"IHDR", chunks[0][1]), (b"IDAT", packed), (b"IEND", b"")]
    return png[:8] + b"".join(map(_chunk, *zip(*kept, strict=True)))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    told = kind + body
    return struct.pack(">I", len(body)) + told + struct.pack(">I", zlib.crc32(told))


def main() -> None:
    """Takes all of them."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("the pictures need Chromium or Chrome")
    with TemporaryDirectory() as room:
        page = Path(room, "report.html")
        report(page)
        for name, (width, path) in PICTURES.items():
            picture = ROOM / f"{name}.png"
            take(page, path, width, picture, browser)
            size = picture.stat().st_size
            sys.stdout.write(f"{name}.png: {size:,} bytes\n")
            if size > LARGEST:
                sys.exit(f"{name}.png is larger than {LARGEST:,} bytes")


if __name__ == "__main__":
    main()
