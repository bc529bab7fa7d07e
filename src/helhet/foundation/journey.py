# SPDX-License-Identifier: EUPL-1.2
"""A matter's journey as steps: what the installed rooms declare, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helhet.foundation.contracts import StepState, StepView, Text, rooms
from helhet.foundation.matters.models import Matter


@dataclass(frozen=True)
class ShownStep:
    """One step as a page shows it."""

    key: str
    label: Text
    state: StepState
    remark: Text


def journeys(matters: Sequence[Matter]) -> Mapping[int, list[ShownStep]]:
    """The steps of each matter; every step asks once for all of them."""
    steps = sorted((step for room in rooms() for step in room.steps), key=lambda step: step.order)
    states = [step.state(matters) for step in steps]
    return {
        matter.pk: [
            ShownStep(step.key, step.label, view.state, view.remark)
            for step, view in zip(steps, (s.get(matter.pk, StepView("todo")) for s in states), strict=True)
        ]
        for matter in matters
    }
