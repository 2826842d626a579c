"""Writing files so that a failure leaves the old file: write beside, then replace."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from agency.errors import UsageError


def write_atomic(path: Path, content: str | bytes) -> None:
    r"""Write a file in one step: readers see the old content or the new, never a part.

    Parameters
    ----------
    path
        Where to write; its folder must exist.
    content
        Text (written as UTF-8 with ``\n`` line ends) or bytes.

    Raises
    ------
    UsageError
        If the folder or file cannot be written; an existing file is untouched.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> write_atomic(target, "x")
    >>> target.read_text()
    'x'
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".agency-", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        _give_usual_rights(temporary)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
        raise UsageError(_refusal(path, error)) from error


def check_writable(paths: Iterable[Path]) -> None:
    """Refuse several files when one of them cannot be written, before the first is.

    Raises
    ------
    UsageError
        If a folder is missing, closed, or no folder, or a folder stands where a file belongs.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> check_writable([folder / "a.svg", folder / "b.pdf"])
    >>> list(folder.iterdir())
    []
    """
    for path in paths:
        try:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            # Rights alone do not tell: only making a file does, which is gone at once.
            with tempfile.TemporaryFile(dir=path.parent):
                pass
        except OSError as error:
            raise UsageError(_refusal(path, error)) from error


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
        message = f"{path}: the folder cannot be made ({error.strerror or error}). Choose another place."
        raise UsageError(message) from error


def _refusal(path: Path, error: OSError) -> str:
    return f"{path}: cannot be written ({error.strerror or error}). Choose another place."


def _give_usual_rights(name: str) -> None:
    """Give a temporary file, made private by `mkstemp`, the rights any new file gets."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(name, 0o666 & ~mask)
