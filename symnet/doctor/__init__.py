"""The doctor: where a network breaks, why, and changes that are proven to mend it."""

from __future__ import annotations

from symnet.doctor.diagnosis import Diagnosis, Fix, Link, Row
from symnet.doctor.examining import doctor

__all__ = ["Diagnosis", "Fix", "Link", "Row", "doctor"]
