"""Writing files: whatever goes wrong, every file is old or new, whole, and nothing that was read is written over."""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

import agency
from agency import output
from agency.errors import UsageError
from agency.output import check_places, write_files

ROOT = os.name == "posix" and os.geteuid() == 0
posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and pipes as POSIX has them")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def stale(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".agency-*")]


def refused(*places: Any, inputs: Any = ()) -> str:
    """Return what is said of places that cannot be written: the same by looking and by writing."""
    with pytest.raises(UsageError) as looked:
        check_places(places, inputs=inputs)
    with pytest.raises(UsageError) as written:
        write_files(dict.fromkeys(places, "new"), inputs=inputs)
    assert str(looked.value) == str(written.value)
    return str(written.value)


# --- What is written, and what is kept -------------------------------------------------------------------------------


def test_files_are_written_with_the_rights_of_any_new_file(tmp_path: Path) -> None:
    write_files({tmp_path / "a": "é\n", tmp_path / "b": b"\x00"})
    (tmp_path / "plain").write_text("")
    assert contents(tmp_path) == {"a": "é\n".encode(), "b": b"\x00", "plain": b""}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert stale(tmp_path) == []


@posix
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755, 0o200])
def test_the_mode_of_a_file_is_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(mode)
    write_files({path: "new"})
    assert stat.S_IMODE(path.stat().st_mode) == mode
    path.chmod(0o600)
    assert path.read_text() == "new"


@pytest.mark.skipif(not ROOT, reason="only root gives files to others")
def test_the_owner_of_a_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    os.chown(path, 12345, 23456)
    path.chmod(0o4755)
    write_files({path: "new"})
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)
    assert stat.S_IMODE(path.stat().st_mode) == 0o4755


@posix
def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "target").write_text("old")
    (tmp_path / "second").symlink_to("far/target")
    (tmp_path / "first").symlink_to(tmp_path / "second")
    (tmp_path / "folder").symlink_to("far")
    (tmp_path / "new").symlink_to("far/made")
    write_files({tmp_path / "first": "1", tmp_path / "new": "2", tmp_path / "folder" / "x": "3"})
    assert all((tmp_path / name).is_symlink() for name in ("first", "second", "folder", "new"))
    assert contents(tmp_path / "far") == {"made": b"2", "target": b"1", "x": b"3"}


@posix
def test_a_link_to_itself_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert "a link that leads back to itself" in refused(tmp_path / "a")


@posix
def test_a_read_only_file_stays_for_root_too(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o444)
    assert "the file is read-only" in refused(path, tmp_path / "b")
    assert contents(tmp_path) == {"a": b"old"}


@posix
def test_names_of_one_file_are_not_parted(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    os.link(tmp_path / "a", tmp_path / "b")
    assert "2 names (hard links)" in refused(tmp_path / "a")
    assert (tmp_path / "a").samefile(tmp_path / "b")
    assert contents(tmp_path) == {"a": b"old", "b": b"old"}


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    assert "Is a directory" in refused(tmp_path / "x", tmp_path / "folder")
    assert "No such file" in refused(tmp_path / "x", tmp_path / "missing" / "a")
    assert "Not a directory" in refused(tmp_path / "x", tmp_path / "file" / "a")
    assert contents(tmp_path) == {"file": b""}


def test_folders_are_made_and_go_again_with_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {tmp_path / "r" / "t" / "a": "a", tmp_path / "r" / "b": "b"}
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", counted_failure("fsync", 0)[0])
        with pytest.raises(UsageError):
            write_files(files, folders=True)
    assert list(tmp_path.iterdir()) == []
    write_files(files, folders=True)
    assert contents(tmp_path) == {"r/b": b"b", "r/t/a": b"a"}


def test_what_no_encoding_holds_is_written_as_its_code(tmp_path: Path) -> None:
    write_files({tmp_path / "a": "x\udcff"})
    assert (tmp_path / "a").read_bytes() == b"x\\udcff"


# --- Files that were read, and two outputs in one --------------------------------------------------------------------


@posix
@pytest.mark.parametrize("name", ["in.csv", "./in.csv", "sub/../in.csv", "link.csv", "sub/in.csv", "hard.csv"])
def test_a_file_that_was_read_is_known_under_every_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("old")
    Path("link.csv").symlink_to("in.csv")
    Path("sub").mkdir()
    Path("sub/in.csv").symlink_to("../link.csv")
    os.link("in.csv", "hard.csv")
    assert "this is a file the command reads" in refused("other.csv", name, inputs=[Path("in.csv")])
    assert "this is a file the command reads" in refused("in.csv", inputs=[tmp_path / name])
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "link.csv", "sub", "hard.csv"}
    assert Path("in.csv").read_text() == "old"


def test_a_file_that_was_read_is_known_when_it_is_gone(tmp_path: Path) -> None:
    assert "this is a file the command reads" in refused(tmp_path / "in.csv", inputs=[tmp_path / "in.csv"])


@posix
def test_two_outputs_never_go_to_one_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "new").symlink_to("made")
    assert "another output of this command goes there" in refused(tmp_path / "a", tmp_path / "b")
    assert "another output of this command goes there" in refused(tmp_path / "new", tmp_path / "made")
    assert contents(tmp_path) == {"a": b"old", "b": b"old"}
    with pytest.raises(UsageError, match="another output"):
        check_places([tmp_path / "x", tmp_path / "x"])


# --- Pipes, devices, standard output ---------------------------------------------------------------------------------


@posix
def test_a_pipe_is_written_and_stays_one(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    write_files({tmp_path / "a": "file", pipe: "through"})
    reader.join(10)
    assert heard == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert (tmp_path / "a").read_text() == "file"


@posix
def test_devices_are_written_and_stay(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/null")
    write_files({"/dev/null": "x", tmp_path / "link": "y"})
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert (tmp_path / "link").is_symlink()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_device_that_takes_nothing_leaves_the_files_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(UsageError, match="/dev/full: cannot be written"):
        write_files({tmp_path / "a": "new", "/dev/full": "x"})
    assert contents(tmp_path) == {"a": b"old"}


SHELL = [
    ("{} -", b"new"),
    ("{} /dev/stdout", b"new"),
    ("{} /dev/fd/1", b"new"),
    ("{} /proc/self/fd/1", b"new"),
    ("{} link", b"new"),
    ("{} >(cat); wait $!", b"new"),
    ("{} /dev/fd/5 5> out; cat out", b"new"),
    ("(echo before; {} /dev/stdout; echo after) > out; cat out", b"before\nnewafter\n"),
    ("echo before > out; {} - >> out; cat out", b"before\nnew"),
]


@posix
@pytest.mark.parametrize("line, heard", SHELL)
def test_what_a_shell_hands_over_is_written_to(tmp_path: Path, line: str, heard: bytes) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    code = "import sys; from agency.output import write_files; write_files({sys.argv[1]: 'new'})"
    done = subprocess.run(
        ["bash", "-c", line.format(f'{sys.executable} -c "{code}"')], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.stdout, done.stderr) == (heard, b"")
    assert (tmp_path / "link").is_symlink()
    assert stale(tmp_path) == []


# --- Every operation fails in turn -----------------------------------------------------------------------------------


def counted_failure(of: str, at: int, error: BaseException | None = None) -> tuple[Callable[..., Any], list[Any]]:
    """Return an operation of the system that fails when it is called for the `at`-th time, and the list of calls."""
    real, calls = getattr(os, of), []

    def operation(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if len(calls) == at + 1:
            raise error or OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **kwargs)

    return operation, calls


class Full:
    """A stream that takes no more."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def write(self, data: bytes) -> int:
        self.stream.write(data[:1])
        raise OSError(errno.ENOSPC, "No space left on device")


def version(folder: Path, word: str) -> dict[Path, str]:
    names = ("tables/a.csv", "tables/b.csv", "figures/matrix.svg", "link.txt", "report.html")
    return {folder / name: f"{word} {name} " * 50 for name in names}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an older version of most files, one of them a link to elsewhere."""
    place, far = tmp_path / "report", tmp_path / "far"
    far.mkdir()
    place.mkdir()
    (place / "link.txt").symlink_to(far / "target")
    write_files(version(place, "old"), folders=True)
    (place / "tables" / "b.csv").unlink()
    return place


OPERATIONS = ("mkdir", "open", "fdopen", "fsync", "chmod", "chown", "link", "replace", "unlink", "stat", "rmdir")


@posix
@pytest.mark.parametrize("error", [None, KeyboardInterrupt()], ids=["full", "stopped"])
@pytest.mark.parametrize("of", OPERATIONS)
def test_whatever_fails_all_files_are_old_or_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch, of: str, error: BaseException | None
) -> None:
    if of != "fsync":
        monkeypatch.setattr(os, "fsync", lambda _: None)  # slow on some drives
    before = {path: path.read_text() for path in version(folder, "") if path.exists()}
    old = contents(folder)
    new = {str(path.relative_to(folder)): text.encode() for path, text in version(folder, "new").items()}
    raised = 0
    for at in range(80):
        operation, calls = counted_failure(of, at, error)
        with monkeypatch.context() as broken:
            broken.setattr(os, of, operation)
            try:
                write_files(version(folder, "new"), folders=True, unfinished=folder / "unfinished.txt")
                allowed = [new]
            except (UsageError, KeyboardInterrupt):
                raised += 1
                allowed = [old, new]
        assert {name: text for name, text in contents(folder).items() if ".agency-" not in name} in allowed, (of, at)
        assert (folder / "link.txt").is_symlink()
        if len(calls) <= at:
            break
        write_files(before)
        (folder / "tables" / "b.csv").unlink(missing_ok=True)
    else:
        pytest.fail(f"{of} is called without end")
    assert at, f"{of} is never called"
    assert raised or of not in ("mkdir", "open", "fdopen", "fsync", "chmod", "replace")
    write_files(version(folder, "new"))
    assert stale(folder.parent) == []


def test_a_disk_that_fills_while_writing_is_said_and_nothing_is_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, real = contents(folder), os.fdopen
    for at in range(len(version(folder, ""))):
        calls: list[int] = []

        def fdopen(handle: int, mode: str, at: int = at, calls: list[int] = calls) -> Any:
            calls.append(handle)
            return Full(real(handle, mode)) if len(calls) == at + 1 else real(handle, mode)

        monkeypatch.setattr(os, "fdopen", fdopen)
        with pytest.raises(UsageError, match="No space left on device"):
            write_files(version(folder, "new"))
        assert contents(folder) == old
        assert stale(folder.parent) == []


@posix
def test_a_drive_without_hard_links_is_as_good(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = contents(folder)

    def none(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", counted_failure("replace", 3)[0])
        with pytest.raises(UsageError, match="No space left"):
            write_files(version(folder, "new"), unfinished=folder / "unfinished.txt")
    assert contents(folder) == old
    write_files(version(folder, "new"))
    assert all(text.startswith(b"new") for text in contents(folder).values())


def test_what_is_new_is_said_when_it_cannot_be_put_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.replace, []

    def replace(source: Any, target: Any) -> None:
        calls.append(target)
        if len(calls) > 1:
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(UsageError) as said:
        write_files(version(folder, "new"), unfinished=folder / "unfinished.txt")
    assert f"{folder / 'tables/a.csv'} is new, the rest is old" in str(said.value)
    assert "not all of one run" in (folder / "unfinished.txt").read_text("utf-8")
    monkeypatch.setattr(os, "replace", real)
    write_files(version(folder, "new"), unfinished=folder / "unfinished.txt")
    assert "unfinished.txt" not in contents(folder)


# --- Kills -----------------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from agency.output import write_files
folder, of, at, how = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
# Also where the tests themselves are deaf to them, as under nohup or behind an "&".
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
real, calls = getattr(os, of), []
def operation(*args, **kwargs):
    calls.append(args)
    if len(calls) == at + 1:
        os.kill(os.getpid(), getattr(signal, how))
    return real(*args, **kwargs)
setattr(os, of, operation)
names = ("tables/a.csv", "tables/b.csv", "figures/matrix.svg", "link.txt", "report.html")
files = {folder / name: f"new {name} " * 50 for name in names}
write_files(files, folders=True, unfinished=folder / "unfinished.txt")
print("done")
"""
MOMENTS = [("mkdir", 0), ("open", 1), ("open", 3), ("open", 6), ("fsync", 0), ("fsync", 4), ("chmod", 2), ("link", 0)]
MOMENTS += [("replace", at) for at in range(5)]


def killed(folder: Path, of: str, at: int, how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), of, str(at), how], capture_output=True, text=True, check=False
    )


@posix
@pytest.mark.parametrize("of, at", MOMENTS)
def test_a_kill_leaves_every_file_old_or_new_and_the_next_run_clears_up(folder: Path, of: str, at: int) -> None:
    old = contents(folder)
    new = {str(path.relative_to(folder)): text.encode() for path, text in version(folder, "new").items()}
    assert killed(folder, of, at, "SIGKILL").returncode == -signal.SIGKILL
    left = {name: text for name, text in contents(folder).items() if ".agency-" not in name}
    mark = left.pop("unfinished.txt", None)
    assert all(text in (old.get(name), new[name]) for name, text in left.items())
    assert old.keys() <= left.keys()
    if mark is None:
        assert left in (old, new)
    assert left["report.html"] == old["report.html"]
    write_files(version(folder, "new"), unfinished=folder / "unfinished.txt")
    assert contents(folder) == new
    assert stale(folder.parent) == []


@posix
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("at", range(5))
def test_a_signal_waits_until_all_is_moved(folder: Path, at: int, how: str) -> None:
    new = {str(path.relative_to(folder)): text.encode() for path, text in version(folder, "new").items()}
    assert killed(folder, "replace", at, how).returncode != 0
    assert {name: text for name, text in contents(folder).items() if ".agency-" not in name} == new


def test_only_what_is_ours_is_cleared_up(tmp_path: Path) -> None:
    ours, old, mine, other = (tmp_path / f".agency-{name}" for name in ("abcdefgh", "old_file", "my_notes", "cache"))
    for path in (ours, mine, other):
        path.mkdir()
    (ours / "0.new").write_text("stale")
    (mine / "letter.txt").write_text("mine")
    old.write_text("a file of an earlier version")
    write_files({tmp_path / "a": "new"})
    assert {path.name for path in tmp_path.iterdir()} == {"a", other.name, mine.name}


def test_where_no_lock_tells_it_what_is_a_day_old_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network drive without locks: what another run is about to move must not go, and nothing stays for ever."""
    monkeypatch.setattr(output, "fcntl", None)
    for name, age in (("abcdefgh", 2 * 86_400), ("ijklmnop", 60)):
        stage = tmp_path / f".agency-{name}"
        stage.mkdir()
        (stage / "0.new").write_text("stale")
        os.utime(stage, (os.stat(stage).st_mtime - age,) * 2)
    write_files({tmp_path / "a": "new"})
    assert {path.name for path in tmp_path.iterdir()} == {"a", ".agency-ijklmnop"}


# --- Two runs at once ------------------------------------------------------------------------------------------------

RACE = """
import sys
from pathlib import Path
from agency.output import write_files
folder, word = Path(sys.argv[1]), sys.argv[2]
for _ in range(20):
    names = ("tables/a.csv", "tables/b.csv", "figures/c.svg", "report.html")
    files = {folder / name: f"{word} {name}" for name in names}
    write_files(files, folders=True, unfinished=folder / "unfinished.txt")
"""


@posix
def test_of_runs_at_once_one_is_whole(tmp_path: Path) -> None:
    runs = [
        subprocess.Popen([sys.executable, "-c", RACE, str(tmp_path / "r"), word], stderr=subprocess.PIPE)
        for word in ("one", "two", "three")
    ]
    for run in runs:
        _, said = run.communicate(timeout=60)
        assert (run.returncode, said) == (0, b"")
    left = contents(tmp_path / "r")
    assert len(left) == 4
    assert len({text.split()[0] for text in left.values()}) == 1
    assert stale(tmp_path) == []


@posix
def test_a_run_that_takes_too_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(output, "_PATIENCE", 0.1)
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="another run is writing here"):
            write_files({tmp_path / "a": "x"})
    finally:
        os.close(handle)
    write_files({tmp_path / "a": "x"})


# --- As another user -------------------------------------------------------------------------------------------------

TRIED = """
import sys
from agency.errors import UsageError
from agency.output import check_places, write_files
for function in (check_places, lambda names: write_files(dict.fromkeys(names, "new"))):
    try:
        function(sys.argv[1:])
        print("written")
    except UsageError as error:
        print(error)
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder that other users can reach, too."""
    folder = Path(tempfile.mkdtemp(prefix="shared-"))
    folder.chmod(0o777)
    yield folder
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o777)
    shutil.rmtree(folder)


def tried(*names: Path) -> str:
    """Return what is said when a user without any privilege writes files, after looking and after writing."""
    drop = []
    if ROOT:
        nobody = pwd.getpwnam("nobody")
        assert shutil.which("setpriv"), "setpriv (util-linux) is needed to test as another user"
        drop = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    done = subprocess.run(
        [*drop, sys.executable, "-c", TRIED, *map(str, names)], capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@posix
def test_a_closed_folder_is_refused_before_anything_is_written(shared: Path) -> None:
    (shared / "closed").mkdir()
    (shared / "closed" / "a").write_text("old")
    (shared / "closed" / "a").chmod(0o666)
    (shared / "closed").chmod(0o555)
    said = tried(shared / "open", shared / "closed" / "a").splitlines()
    assert len(said) == 2
    assert all("closed/a: cannot be written (Permission denied)" in line for line in said)
    assert contents(shared) == {"closed/a": b"old"}


@posix
def test_a_file_that_may_not_be_written_is_refused(shared: Path) -> None:
    (shared / "a").write_text("old")
    (shared / "a").chmod(0o444)
    said = tried(shared / "b", shared / "a").splitlines()
    assert len(said) == 2
    assert all("a: the file is read-only" in line for line in said)
    assert contents(shared) == {"a": b"old"}


@pytest.mark.skipif(not ROOT, reason="only root makes files of another user")
def test_a_file_of_somebody_else_in_a_shared_folder_stays(shared: Path) -> None:
    shared.chmod(0o1777)
    (shared / "theirs").write_text("old")
    (shared / "theirs").chmod(0o666)
    said = tried(shared / "first", shared / "theirs").splitlines()
    assert "theirs: cannot be written (Operation not permitted)" in said[-1]
    assert contents(shared) == {"theirs": b"old"}
    assert stale(shared) == []


@pytest.mark.skipif(not ROOT, reason="only root makes files of another user")
def test_a_file_of_a_group_is_written(shared: Path) -> None:
    (shared / "a").write_text("old")
    (shared / "a").chmod(0o666)
    assert tried(shared / "a") == "written\nwritten\n"
    assert (shared / "a").read_text() == "new"
    assert stat.S_IMODE((shared / "a").stat().st_mode) == 0o666


def test_an_input_is_never_written_over_after_a_change_of_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative folder names the same files wherever the program goes later."""
    study, away = tmp_path / "study", tmp_path / "away"
    study.mkdir()
    away.mkdir()
    rows = "project,phase,actor,origin,source\nP,design,A,local,s\n"
    (study / "actors_by_phase.csv").write_text(rows)
    monkeypatch.chdir(tmp_path)
    loaded = agency.load("study")
    monkeypatch.chdir(away)
    with pytest.raises(UsageError, match="reads"):
        loaded.table().save(study / "actors_by_phase.csv")
    assert (study / "actors_by_phase.csv").read_text() == rows
