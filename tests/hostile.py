"""Names that mean something to a format, and a study in which every place that takes words holds some of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

TRAP = "document.title='trapped'"
NAMES = (
    # HTML and script
    f'<img src=x onerror="{TRAP}">',
    f"</script><script>{TRAP}</script>",
    f'" onmouseover="{TRAP}" autofocus onfocus="{TRAP}" x="',
    f"' onclick='{TRAP}' x='",
    f"javascript:{TRAP}",
    f"</style><svg onload={TRAP}>",
    f"<!--><a href=javascript:{TRAP}>x</a>",
    "{{ 7*191 }}{% raw %}${7*191}",
    # LaTeX
    r"\input{/etc/passwd}",
    r"\immediate\write18{touch trapped}",
    r"\catcode`\@=0 @input{/etc/passwd}",
    r"^^5cinput{/etc/passwd}",
    r"\end{document} % \begin",
    r"$$\undefined$$ #1 ~ {",
    r"}\csname input\endcsname{/etc/passwd}",
    # Spreadsheets
    "=1+190",
    "+1+190",
    "-1+190",
    "@SUM(1,190)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "\N{FULLWIDTH EQUALS SIGN}1+190",
    # Markdown and reStructuredText
    f"[x](javascript:{TRAP})",
    "![x](http://evil.example/x.png)",
    "<http://evil.example>",
    "`x <http://evil.example>`_ |x| x_",
    ".. include:: /etc/passwd",
    ".. raw:: html",
    "# 1 head",
    "1. - * item",
    "--- | :-- |",
    # XML
    "]]><x/><![CDATA[",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "&lt;b&gt; &#x41; &amp;",
    # Paths
    "../../trapped",
    "/etc/trapped",
    r"..\..\trapped",
    "con",
    "~root/$HOME/%PATH%",
    "%s %n {0} {name} {",
)
"""Each is read as it stands, and stands in every output as it was read."""
ACTORS = tuple(name for name in NAMES if not set("|;") & set(name))
"""The others would be two actors in a cell."""
REFUSED = ("a\x1b[2Jb", "a\x1b]0;x\x07b", "a\x9b2Jb", "a\u202eb", "a\u2066b", "a\x00b", "a\x08b", "a\u2028b")
"""Escapes, controls and changes of direction: no name has them, and no message repeats them."""
ADDRESS = f'https://evil.example/}}\\input{{/etc/passwd}}^^5c%20_#"><svg/onload={TRAP}>`__'
PHASES = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")
ORIGINS = ("local", "chinese", "western", "other")
PROJECTS = ("../../trapped", NAMES[0])
KEY = "x/../../trapped"


def study(folder: Path) -> Path:
    """Write the study into a folder and return it: every name is an actor, a part, a place and a note."""
    folder.mkdir()
    rows = []
    for at, name in enumerate(NAMES):
        other = NAMES[(at + 7) % len(NAMES)]
        rows.append({
            "project": PROJECTS[at % 2], "phase": PHASES[at // 2 % 6], "actor": ACTORS[at % len(ACTORS)],
            "origin": ORIGINS[at % len(ACTORS) % 4], "scope": other, "start": str(2012 + at % 5),
            "source": (KEY, "plain")[at % 2], "locator": other,
            "note": name, "coder": "A",
        })  # fmt: skip
    _write(folder / "actors_by_phase.csv", rows)
    places = [
        {"project": one, "label": f"{one} {NAMES[1]}", "country": "ECU", "type": NAMES[8 + at], "launched": "2012",
         "window_start": "2012", "window_end": "2020", "window_source": "plain", "note": NAMES[2]}
        for at, one in enumerate(PROJECTS)
    ]  # fmt: skip
    _write(folder / "projects.csv", places)
    _write(folder / "actors.csv", [{"actor": name, "alias": f"{name} (alias)", "note": name} for name in ACTORS])
    events = [
        {"project": PROJECTS[at % 2], "year": str(2012 + at % 8), "label": name, "source": "plain", "note": name}
        for at, name in enumerate(NAMES)
    ]
    _write(folder / "events.csv", events)
    sources = [
        {"key": KEY, "author": NAMES[1], "year": "2020", "title": NAMES[0], "where": NAMES[10],
         "url": f"javascript:{TRAP}"},
        {"key": "plain", "author": NAMES[23], "year": "2021", "title": NAMES[9], "where": NAMES[16], "url": ADDRESS},
    ]  # fmt: skip
    _write(folder / "sources.csv", sources)
    claims = "".join(
        f"[[claim]]\nid = {_toml(f'c{at}')}\ntext = {_toml(name)}\nquote = {_toml('x ' + name)}\n"
        f"locator = {_toml(name)}\n"
        f"source = {_toml((KEY, 'plain')[at % 2])}\nscope = {{ phases = ['design'] }}\n"
        f"condition = {{ holders = 'include', actor = [{_toml(ACTORS[at % len(ACTORS)])}] }}\n\n"
        for at, name in enumerate(NAMES)
    )
    (folder / "claims.toml").write_text(claims, "utf-8")
    return folder


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
