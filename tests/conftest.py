"""What holds for all tests: how one ends depends neither on how busy the machine is nor on luck."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_same = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("same", _same)
settings.register_profile("search", _same, derandomize=False, max_examples=1000)
settings.load_profile("same")
