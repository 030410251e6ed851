"""What a crawl does not ask for although it could: its own decision or its user's, no failure of anybody's."""

from __future__ import annotations

from typing import ClassVar

from scrapy.exceptions import IgnoreRequest

__all__ = ["Refusal"]


class Refusal(IgnoreRequest):
    """Raised instead of a request; `counted` names the count in the crawl's report."""

    counted: ClassVar[str]
    named: ClassVar[bool] = True
    """Whether the report names the URLs too, the first thousand."""
