"""What this package is called and which version it is: the one place that says so."""

DISTRIBUTION = "phase-agency"
"""Name to install; the import and the command are ``agency``."""

__version__ = "0.2.0"

METHOD_VERSION = "2026.2"
"""Version of the rules that turn rows into numbers; it changes when a number could change."""


def install_hint(extra: str) -> str:
    """Return the sentence that tells how to install an optional extra.

    Examples
    --------
    >>> install_hint("excel")
    'pip install "phase-agency[excel]"'
    """
    return f'pip install "{DISTRIBUTION}[{extra}]"'
