"""Faults of the world around a command: kills, two runs at once, a full disk, Ctrl-C, other users, other locales.

Kills and the like are tried a few times here, and fifty times in ``make fuzz`` (`AGENCY_WORLD` is the number).
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills, users and locales as POSIX has them")
HERE = Path(__file__).parent
NUMBER = os.environ.get("AGENCY_WORLD", "2")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("world")
    run = [sys.executable, str(HERE / "world.py"), str(place), NUMBER]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=place)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_killed_command_leaves_the_old_or_the_new_and_the_next_one_no_litter(world: dict[str, Any]) -> None:
    for name in (name for name in world if name.startswith("killed")):
        told = world[name]
        assert told["wrong"] == [], name
        assert told["old"] + told["new"] + told["said so"] == told["runs"] == int(NUMBER)
        assert set(told["codes"]) <= {-9, 0}
        assert (told["whole at last"], told["litter"]) == (True, [])


def test_an_interrupted_command_ends_without_a_traceback_and_all_is_old_or_new(world: dict[str, Any]) -> None:
    for name in (name for name in world if name.startswith("interrupted")):
        told = world[name]
        assert told["wrong"] == [], name
        assert told["old"] + told["new"] == told["runs"] == int(NUMBER)
        assert set(told["codes"]) <= {130, 0}
        assert (told["whole at last"], told["litter"]) == (True, [])


def test_of_two_commands_at_once_one_is_there_whole(world: dict[str, Any]) -> None:
    for name in (name for name in world if name.startswith("at once")):
        assert world[name]["mixed"] == 0, name
        assert set(world[name]["codes"]) == {0}


def test_a_disk_that_takes_no_more_is_said_and_what_was_there_stays(world: dict[str, Any]) -> None:
    for told in world["full"]:
        assert told["code"] == 2, told
        assert "cannot be written (" in told["said"], told
        assert "Traceback" not in told["said"], told
        assert told["kept"], told


# --- Another user, another locale ------------------------------------------------------------------------------------

RUN = """
import sys
from agency.cli import main
for command in sys.argv[1].split("; "):
    try:
        main(command.split(" "))
    except SystemExit as left:
        print("exit code", left.code, flush=True)
"""


def shell(commands: str, folder: Path, *, before: tuple[str, ...] = (), **environment: str) -> tuple[str, str]:
    """Run commands one after the other in one process; return what they say on each stream."""
    words = [*before, sys.executable, "-c", RUN, commands]
    done = subprocess.run(words, capture_output=True, cwd=folder, env=os.environ | environment, check=False)
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


@pytest.fixture
def closed() -> Iterator[Path]:
    """Return a folder that another user may read and not write, with one in it that anybody may write."""
    folder = Path(tempfile.mkdtemp(prefix="closed-"))
    shutil.copytree(HERE / "corpus" / "study", folder / "study")
    (folder / "open").mkdir()
    (folder / "open").chmod(0o777)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_user_who_may_write_neither_here_nor_at_home_is_told_so(closed: Path) -> None:
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        assert shutil.which("setpriv"), "setpriv (util-linux) is needed to test as another user"
        before = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    refused = ("report study -o rep", "heatmap study -o a.svg", "table study -o a.docx", "export study --to tidy -o o")
    refused += ("check study --mark a.xlsx", "new fresh")
    written = ("heatmap study -o open/a.svg",)
    home = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"), str(closed / "home"))
    out, err = shell("; ".join((*refused, *written)), closed, before=before, **home)
    codes = [line for line in out.splitlines() if line.startswith("exit code")]
    assert codes == ["exit code 2"] * len(refused) + ["exit code 0"] * len(written), out + err
    lines = [line for line in err.splitlines() if "1 warning (agency check)" not in line]
    assert len(lines) == len(refused), err
    assert all("Permission denied" in line and "Choose another place." in line for line in lines), err
    assert sorted(path.name for path in closed.iterdir()) == ["open", "study"]
    assert sorted(path.name for path in (closed / "open").iterdir()) == ["a.svg"]


def test_the_plainest_locale_prints_and_writes_the_same(tmp_path: Path) -> None:
    rows = (HERE / "corpus" / "study" / "actors_by_phase.csv").read_text("utf-8").replace("JSeI", "Ñandú_中国")
    commands = (
        "table años.csv -f csv; table años.csv -p Ñandú_中国 -o tablé.md; check años.csv; heatmap años.csv -o é.svg"
    )
    told = {}
    for name, environment in {
        "plain": {"LC_ALL": "C"},
        "utf-8": {"LC_ALL": "C.UTF-8"},
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "años.csv").write_text(rows, "utf-8")
        streams = shell(commands, folder, **environment)
        made = {os.fsencode(path.name).decode("utf-8"): path.read_bytes() for path in folder.iterdir()}
        told[name] = (*streams, made)
        assert set(made) == {"años.csv", "tablé.md", "é.svg"}, streams
        assert streams[0].count("exit code 0") == 4, streams
        assert "Ñandú_中国" in streams[0]
    assert told["plain"] == told["utf-8"]
