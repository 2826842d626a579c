"""Files as they leave the program: each whole, all or none, never over a file that was read.

Everything a command writes goes through `write_files`, all its files at once:

1. Every place is looked at: links are followed, and a folder, a read-only file, a file that was read or two outputs in
   one file are refused before anything is written.
2. Every file is written beside its place, in a folder ``.agency-xxxxxxxx``: a full disk is met here, and costs nothing.
3. Pipes and devices get their content; it cannot be taken back, so it goes before the next step, which can.
4. Every file is moved into its place with the rights of the file it replaces. If one cannot be, those before it are
   moved back. Signals that stop a program wait until this step, a few milliseconds long, is over.

Folders are locked meanwhile: of two runs at once one writes after the other, and what a killed run left beside can be
told from what a running one is about to move. A killed run leaves each file old or new, never half; where it replaced
several, the file `unfinished` says so. A file with several names (hard links) is refused: replacing it would part
the names, and writing into it could leave it half written.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from agency.errors import UsageError
from agency.words import listed, text

try:
    import fcntl
except ImportError:  # Windows has no such locks.
    fcntl = None  # type: ignore[assignment]

STANDARD_OUTPUT = "-"
"""Stands for standard output where a path is expected."""
_LINKS = 40
"""More links than this in a row lead nowhere (the limit of Linux)."""
_PATIENCE, _PAUSE = 10.0, 0.05
"""Seconds to wait for another run that is writing into the same folder, and between two looks."""
_FORGOTTEN = 86_400.0
"""Seconds after which no run is still about to move what it has written, where a drive has no locks to tell it by."""
_STAGE = re.compile(r"\.agency-[a-z0-9_]{8}")
_STAGED = re.compile(r"\d+\.(new|old)")
_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")

Name = str | os.PathLike[str]


def write_files(
    files: Mapping[Name, str | bytes],
    *,
    inputs: Iterable[Path] = (),
    folders: bool = False,
    unfinished: Path | None = None,
) -> None:
    r"""Write files, all or none: whoever reads them sees the old content or the new, never a part.

    Parameters
    ----------
    files
        Content by place, moved in this order: text (written as UTF-8 with ``\n`` line ends) or bytes. ``-`` is
        standard output; pipes and devices are written to.
    inputs
        Files that were read; none of them is ever written, under whatever name.
    folders
        Make the folders of the files where they are missing.
    unfinished
        A file that is there only while several files are moved, and so stays when the run is killed just then.

    Raises
    ------
    UsageError
        If a place cannot be written or would lose something; the files are as they were, else the message says which
        are new.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> write_files({target: "x"})
    >>> target.read_text()
    'x'
    """
    made = _make_parents(files) if folders else []
    try:
        with ExitStack() as held:
            places = _checked(files, inputs, held)
            jobs = _staged(places, files, held)
            for place in places:
                if place.is_stream:
                    _send(place, _bytes(files[place.name]))
            _move_all(jobs, unfinished)
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def check_places(places: Iterable[Name], *, inputs: Iterable[Path] = ()) -> None:
    """Refuse places that `write_files` would refuse, before the work is done whose result goes there.

    Raises
    ------
    UsageError
        If a folder is missing, closed, or no folder; if a place would lose something.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> check_places([folder / "a.svg", folder / "b.pdf"])
    >>> list(folder.iterdir())
    []
    """
    with ExitStack() as held:
        for place in _checked(places, inputs, held):
            if place.is_stream:
                continue
            try:
                # Rights alone do not tell: only making a file does, which is gone at once.
                with tempfile.TemporaryFile(dir=place.path.parent):
                    pass
            except OSError as error:
                raise UsageError(_refusal(place.name, error)) from error


def make_folder(path: Path) -> None:
    """Create a folder and its parents if missing.

    Raises
    ------
    UsageError
        If a file stands in its place or the parent is not writable.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = text(
            "{path}: the folder cannot be made ({why}). Choose another place.", path=path, why=error.strerror or error
        )
        raise UsageError(message) from error


# --- Places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where one output goes."""

    name: Name
    """As it was given."""
    path: Path
    """The file behind all links."""
    status: os.stat_result | None
    """None where there is no file yet."""
    descriptor: int | None = None
    """Already open: standard output, or what a shell hands over as /dev/fd/63."""

    @property
    def is_stream(self) -> bool:
        """Whether the content is sent, not moved: a pipe, a device, something already open."""
        return self.descriptor is not None or (self.status is not None and not stat.S_ISREG(self.status.st_mode))

    @property
    def identity(self) -> tuple[object, ...] | None:
        """What two names of one file have in common; None for a device, which may be written twice."""
        if self.status is None:
            return (str(self.path),)
        return None if stat.S_ISCHR(self.status.st_mode) else (self.status.st_dev, self.status.st_ino)


def _place(name: Name) -> _Place:
    descriptor = _descriptor(name)
    if descriptor is not None:
        try:
            return _Place(name, Path(name), os.fstat(descriptor), descriptor)
        except OSError as error:
            if os.fspath(name) == STANDARD_OUTPUT:
                return _Place(name, Path(name), None, descriptor)  # closed by the caller: nobody listens
            raise UsageError(_refusal(name, error)) from error
    path = Path(os.path.realpath(name))
    try:
        return _Place(name, path, os.stat(name))
    except FileNotFoundError:
        return _Place(name, path, None)
    except OSError as error:
        if error.errno == errno.ELOOP:
            message = text(
                "{path}: a link that leads back to itself. Remove it, or choose another place.", path=_called(name)
            )
            raise UsageError(message) from error
        raise UsageError(_refusal(name, error)) from error


def _descriptor(name: Name) -> int | None:
    """Return the number of an open file when a name stands for one: ``-``, /dev/stdout, /dev/fd/63.

    Such a name must not be resolved to the end: behind /dev/stdout lies the file of ``> out.txt``, which the shell
    has opened and will go on writing to.
    """
    if os.fspath(name) == STANDARD_OUTPUT:
        return 1
    path = os.path.abspath(name)
    own = {f"/proc/{os.getpid()}/fd", f"/proc/{os.getpid()}/task/{os.getpid()}/fd"}
    for _ in range(_LINKS):
        folder, last = os.path.split(path)
        if last.isdecimal() and os.path.realpath(folder) in own:
            return int(last)
        try:
            path = os.path.normpath(os.path.join(os.path.realpath(folder), os.readlink(path)))
        except OSError:
            return None
    return None


def _checked(names: Iterable[Name], inputs: Iterable[Path], held: ExitStack) -> list[_Place]:
    """Return the places, all of them found good, their folders locked until `held` is closed."""
    places = [_place(name) for name in names]
    folders = sorted({place.path.parent for place in places if not place.is_stream})
    for folder in folders:
        locked = held.enter_context(_locked(folder))
        _remove_stale(folder, older=0.0 if locked else _FORGOTTEN)
    # Another run may have written while we waited.
    places = [_place(place.name) for place in places]
    read = _identities(inputs)
    seen: dict[tuple[object, ...], Name] = {}
    for place in places:
        _check(place, read)
        if place.identity is not None and place.identity in seen:
            message = text(
                "{path}: another output of this command goes there ({other}). Choose another place for one of them.",
                path=_called(place.name),
                other=_called(seen[place.identity]),
            )
            raise UsageError(message)
        if place.identity is not None:
            seen[place.identity] = place.name
    return places


def _identities(inputs: Iterable[Path]) -> set[tuple[object, ...]]:
    """Return by what files that were read are known again: their identity, and their path should they be gone."""
    found: set[tuple[object, ...]] = set()
    for path in inputs:
        found.add((os.path.realpath(path),))
        with suppress(OSError):
            status = os.stat(path)
            found.add((status.st_dev, status.st_ino))
    return found


def _check(place: _Place, read: set[tuple[object, ...]]) -> None:
    """Refuse a place that cannot be written, or should not be."""
    status = place.status
    if place.identity in read or (not place.is_stream and (str(place.path),) in read):
        message = text(
            "{path}: this is a file the command reads; it would be lost. Choose another place.",
            path=_called(place.name),
        )
        raise UsageError(message)
    if status is None or place.descriptor is not None:
        return
    if stat.S_ISDIR(status.st_mode):
        raise UsageError(_refusal(place.name, OSError(errno.EISDIR, os.strerror(errno.EISDIR))))
    if stat.S_ISBLK(status.st_mode):
        message = text("{path}: this is a disk, and would be lost. Choose another place.", path=place.name)
        raise UsageError(message)
    # Made read-only, a file is meant to stay: for root too, whom nothing else would stop.
    if not status.st_mode & 0o222 or not os.access(place.path if stat.S_ISREG(status.st_mode) else place.name, os.W_OK):
        message = text(
            "{path}: the file is read-only. Choose another place, or allow writing (chmod u+w).",
            path=_called(place.name),
        )
        raise UsageError(message)
    if stat.S_ISREG(status.st_mode) and status.st_nlink > 1:
        message = text(
            "{path}: the file has {n} names (hard links); replacing it would part them. Remove this name first, or "
            "choose another place.",
            path=_called(place.name),
            n=status.st_nlink,
        )
        raise UsageError(message)


def _refusal(name: Name, error: OSError) -> str:
    why = error.strerror or error
    return text("{path}: cannot be written ({why}). Choose another place.", path=_called(name), why=why)


def _called(name: Name) -> str:
    """Return what a place is called in messages."""
    return text("standard output") if os.fspath(name) == STANDARD_OUTPUT else os.fsdecode(name)


# --- Folders ---------------------------------------------------------------------------------------------------------


def _make_parents(names: Iterable[Name]) -> list[Path]:
    """Make the folders of files, and return those that were missing, outer ones first."""
    made: list[Path] = []
    try:
        for folder in dict.fromkeys(Path(name).parent for name in names):
            missing = [one for one in (folder, *folder.parents) if not os.path.exists(one)]
            make_folder(folder)
            made += reversed(missing)
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise
    return made


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Keep other runs from writing into a folder; say whether that can be known there."""
    handle = None
    try:
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY) if fcntl is not None else None
        yield handle is not None and _lock(handle, folder)
    finally:
        if handle is not None:
            os.close(handle)


def _lock(handle: int, folder: Path) -> bool:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                message = text(
                    "{folder}: another run is writing here. Wait until it is done, or choose another place.",
                    folder=folder,
                )
                raise UsageError(message) from error
            time.sleep(_PAUSE)
        except OSError:
            return False  # A network drive without locks.
        else:
            return True


def _remove_stale(folder: Path, *, older: float) -> None:
    """Remove what killed runs left: in a folder that is locked everything, else what nobody has touched for a day."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            if not _STAGE.fullmatch(entry.name) or time.time() - entry.stat(follow_symlinks=False).st_mtime < older:
                continue
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    os.unlink(entry.path)  # Earlier versions wrote single files of this name.
                elif all(_STAGED.fullmatch(name) for name in os.listdir(entry.path)):
                    shutil.rmtree(entry.path)


# --- Writing beside, and moving --------------------------------------------------------------------------------------


@dataclass
class _Job:
    """One file written beside its place."""

    place: _Place
    new: str
    old: str
    """Where a second name of the file that is replaced is kept until all are moved."""
    done: bool = field(default=False)


def _staged(places: list[_Place], files: Mapping[Name, str | bytes], held: ExitStack) -> list[_Job]:
    """Write every file beside its place, with the rights it is to have."""
    stages: dict[Path, str] = {}
    jobs = []
    for number, place in enumerate(place for place in places if not place.is_stream):
        try:
            folder = place.path.parent
            if folder not in stages:
                stages[folder] = tempfile.mkdtemp(prefix=".agency-", dir=folder)
                held.callback(shutil.rmtree, stages[folder], ignore_errors=True)
            job = _Job(place, f"{stages[folder]}/{number}.new", f"{stages[folder]}/{number}.old")
            _write_new(job.new, _bytes(files[place.name]), place.status)
        except OSError as error:
            raise UsageError(_refusal(place.name, error)) from error
        jobs.append(job)
    return jobs


def _write_new(path: str, content: bytes, like: os.stat_result | None) -> None:
    # Opened so, a new file has the rights any new file gets.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if like is None:
        return
    if hasattr(os, "chown"):
        with suppress(OSError):  # Only root gives files to others; the group is kept by its members.
            os.chown(path, -1, like.st_gid)
            os.chown(path, like.st_uid, -1)
    os.chmod(path, stat.S_IMODE(like.st_mode))


def _move_all(jobs: list[_Job], unfinished: Path | None) -> None:
    """Move all files into their places; when one cannot be, move those before it back."""
    with _unstopped():
        failed: Name = jobs[0].place.name if jobs else ""
        marked = unfinished is not None and os.path.exists(unfinished)
        try:
            if len(jobs) > 1:
                _keep_old(jobs, unfinished)
            for job in jobs:
                failed = job.place.name
                os.replace(job.new, job.place.path)
                job.done = True
            if unfinished is not None:
                unfinished.unlink(missing_ok=True)
        except BaseException as error:
            new = _undo(jobs)
            if unfinished is not None and not (new or marked):
                with suppress(OSError):
                    unfinished.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise UsageError(_said(failed, error, new)) from error
            raise


def _keep_old(jobs: list[_Job], unfinished: Path | None) -> None:
    """Give every file that is to be replaced a second name, to move it back by, and say what is about to happen."""
    for job in jobs:
        if job.place.status is not None:
            try:
                os.link(job.place.path, job.old)
            except OSError:  # A drive without hard links.
                _write_new(job.old, job.place.path.read_bytes(), job.place.status)
    if unfinished is not None:
        unfinished.write_text(
            text(
                "The files of this folder are not all of one run: the last one was stopped while it replaced them.\n"
                "Run the same command again: it replaces them all, and removes this file.\n"
            ),
            "utf-8",
        )


def _undo(jobs: list[_Job]) -> list[Name]:
    """Move replaced files back, and return the places that are new all the same."""
    new: list[Name] = []
    for job in jobs:
        if job.done:
            try:
                if job.place.status is None:
                    os.unlink(job.place.path)
                else:
                    os.replace(job.old, job.place.path)
            except OSError:
                new.append(job.place.name)
    return new


def _said(name: Name, error: OSError, new: list[Name]) -> str:
    if not new:
        return _refusal(name, error)
    return text(
        "{path}: cannot be written ({why}), and what was replaced before it could not be put back: {new} is new, the "
        "rest is old. Run the command again when the reason is gone.",
        path=_called(name),
        why=error.strerror or error,
        new=listed([_called(one) for one in new]),
    )


@contextmanager
def _unstopped() -> Iterator[None]:
    """Let the signals that stop a program wait."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    numbers = {getattr(signal, name) for name in _STOPPING}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- Pipes, devices, standard output ---------------------------------------------------------------------------------


def _send(place: _Place, content: bytes) -> None:
    try:
        if place.descriptor == 1 and sys.stdout is not None and hasattr(sys.stdout, "buffer"):
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        handle = os.dup(place.descriptor) if place.descriptor is not None else os.open(place.name, os.O_WRONLY)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise UsageError(_refusal(place.name, error)) from error


def _bytes(content: str | bytes) -> bytes:
    # What no encoding can hold (a lone surrogate in a name) is written as its code.
    return content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
