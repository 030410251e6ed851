"""What every headless Chromium of the tests is started with."""

from __future__ import annotations

__all__ = ["QUIET"]

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Without a window, as root too, and asking nobody for anything on its own."""
